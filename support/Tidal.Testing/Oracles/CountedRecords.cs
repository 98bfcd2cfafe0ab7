using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Which signals and retractions count, by brute force from the records of origin logs: of all that say the same operation,
/// the one of the lowest (attempt, region, number). Knows nothing of how the engine finds out. Not safe for use by several
/// threads.
/// </summary>
public sealed class CountedRecords
{
    private readonly record struct Placed(LogRecord Record, RegionId Region, ulong Number);

    private readonly Dictionary<RecordIdentity, List<Placed>> _all = [];

    /// <summary>Signal records taken, those that do not count included.</summary>
    public long SignalRecords { get; private set; }

    /// <summary>Everything that was taken, each once.</summary>
    public IEnumerable<RecordIdentity> Identities => _all.Keys;

    /// <summary>The records that count, one for everything that was taken.</summary>
    public IEnumerable<LogRecord> Counted => _all.Values.Select(placed => placed.MinBy(one => (one.Record.Attempt, one.Region, one.Number)).Record);

    /// <summary>
    /// What no rule could make count once: twice in one log, or a first attempt in two logs (PROTOCOL 12).
    /// </summary>
    public IEnumerable<RecordIdentity> Duplicated => _all
        .Where(pair => pair.Value.Count(one => one.Record.Attempt == 0) > 1 || pair.Value.DistinctBy(one => one.Region).Count() < pair.Value.Count)
        .Select(pair => pair.Key);

    /// <summary>Takes the records of a batch that count, or may.</summary>
    /// <param name="batch">The batch.</param>
    public void Take(ReadOnlyMemory<byte> batch)
    {
        var reader = BatchReader.Open(batch);
        for (var number = reader.Header.FirstNumber; reader.TryRead(out var record); number++)
            Take(reader.Header.Origin.Region, number, record);
    }

    /// <summary>Takes a record, if it is a signal or a retraction.</summary>
    /// <param name="origin">In whose log it is.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="record">The record.</param>
    public void Take(RegionId origin, ulong number, in LogRecord record)
    {
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction))
            return;
        if (record.Kind == RecordKind.Signal)
            SignalRecords++;
        if (!_all.TryGetValue(record.Identity, out var placed))
            _all.Add(record.Identity, placed = new List<Placed>(capacity: 1));
        placed.Add(new Placed(record, origin, number));
    }
}
