using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What one origin has taken back of one (item, signal, cohort): the N beside the P of its <see cref="OriginPart"/>, with
/// the operations taken back, so that one retraction of an operation counts however often it was sent (PROTOCOL 15). Most
/// parts have none. Its count is in the part's <see cref="PNCounter"/>. Not safe for use by several threads.
/// </summary>
internal sealed class RetractedPart
{
    private readonly HashSet<OperationId> _operations = [];

    /// <summary>The decayed sum of what was taken back.</summary>
    public ForwardScore Score { get; private set; } = ForwardScore.Zero;

    /// <summary>What was taken back, by window; null while nothing was, or where the type has no windows.</summary>
    public WindowCounters? Windows { get; private set; }

    /// <summary>Whether an operation was taken back here.</summary>
    public bool Holds(OperationId operation) => _operations.Contains(operation);

    /// <summary>Takes a signal back.</summary>
    /// <returns>False if its operation was taken back before: then nothing changes.</returns>
    public bool Apply(SignalType type, OperationId retracted, in SignalEvent signal)
    {
        if (!_operations.Add(retracted))
            return false;
        Score = Score.Plus(signal.Weight, signal.EventTimeMilliseconds, type.HalfLifeMilliseconds);
        if (type.HasWindows)
            (Windows ??= new WindowCounters()).Add(signal.EventTimeMilliseconds, signal.HighestEventTimeMilliseconds);
        return true;
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public RetractedPart Copy()
    {
        var copy = new RetractedPart { Score = Score, Windows = Windows?.Copy() };
        copy._operations.UnionWith(_operations);
        return copy;
    }

    /// <summary>Adds what was taken back to a digest, but for the windows.</summary>
    public void AddTo(StateWriter digest)
    {
        Score.AddTo(digest);
        digest.Add(_operations.Count);
        foreach (var operation in _operations.Order())
            digest.Add(operation);
    }

    /// <summary>Reads it back, with the windows that its origin's part has added after it.</summary>
    public static RetractedPart Read(StateReader reader, long highestMilliseconds)
    {
        var part = new RetractedPart { Score = ForwardScore.Read(reader) };
        for (var left = reader.ReadCount(3 * sizeof(long)); left > 0; left--)
            part._operations.Add(reader.ReadOperation());
        part.Windows = WindowCounters.Read(reader, highestMilliseconds);
        return part;
    }
}
