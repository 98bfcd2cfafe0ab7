using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// What a replica holds of a tenant's origin logs, read record by record once: for the other replicas that hold the same it is
/// enough to see that their bytes are the same. Not safe for use by several threads.
/// </summary>
internal sealed class HeldLog
{
    /// <summary>What the formula gives for an item's signals of one type in a cohort.</summary>
    internal readonly record struct Expected(ItemId Item, SignalTypeId Signal, CohortScope Scope, double Score, double Terms, int Count);

    private readonly List<ReadOnlyMemory<byte>> _batches;

    /// <summary>Reads batches.</summary>
    /// <param name="batches">The batches, origin by origin.</param>
    /// <param name="schema">What the tenant counts.</param>
    /// <param name="timeMilliseconds">At which time scores are read.</param>
    public HeldLog(List<ReadOnlyMemory<byte>> batches, SignalSchema schema, long timeMilliseconds)
    {
        _batches = batches;
        foreach (var batch in batches)
            Records.Take(batch);
        var formula = new AnalyticalDecay(schema, Records.Counted);
        Scores = [.. formula.Keys.Select(key => new Expected(
            key.Item, key.Signal, key.Scope, formula.Score(key.Item, key.Signal, key.Scope, timeMilliseconds),
            formula.Terms(key.Item, key.Signal, key.Scope, timeMilliseconds), formula.Count(key.Item, key.Signal, key.Scope)))];
    }

    /// <summary>The records, and which of them count.</summary>
    public CountedRecords Records { get; } = new();

    /// <summary>What the formula gives for all that has a signal.</summary>
    public IReadOnlyList<Expected> Scores { get; }

    /// <summary>On how many replicas it was found.</summary>
    public int Replicas { get; set; }

    /// <summary>Whether it is of these very bytes.</summary>
    public bool IsOf(List<ReadOnlyMemory<byte>> batches)
    {
        if (batches.Count != _batches.Count)
            return false;
        for (var place = 0; place < batches.Count; place++)
        {
            if (!batches[place].Span.SequenceEqual(_batches[place].Span))
                return false;
        }
        return true;
    }
}
