using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Crdt;

/// <summary>
/// The logs of three origins about one item: signals of one type, and retractions, some of both tried in other regions. A
/// copy holds a beginning of each log, as a replica does.
/// </summary>
internal sealed class SignalHistory
{
    public const int Origins = 3;
    private const int RecordsMax = 12;

    private readonly List<LogRecord>[] _logs = [[], [], []];
    private readonly List<(int Origin, LogRecord Record)> _signals = [];

    private SignalHistory()
    {
    }

    public int[] WholeLengths => [.. _logs.Select(log => log.Count)];

    public IReadOnlyList<LogRecord> Records(int[] lengths) => [.. _logs.SelectMany((log, origin) => log.Take(lengths[origin]))];

    public static SignalHistory Random(DeterministicRandom random)
    {
        var history = new SignalHistory();
        for (var record = random.Next(Origins * RecordsMax); record > 0; record--)
            history.Write(random);
        return history;
    }

    public int[] RandomLengths(DeterministicRandom random) => [.. _logs.Select(log => random.Next(log.Count + 1))];

    /// <summary>The state that a replica has after these records, taken in some interleaving of the origins.</summary>
    public CrdtSignalState State(int[] lengths, DeterministicRandom random) =>
        Replica(lengths, random).State.Find(new ItemId("a"))?.Signals(Ledger.View, CohortScope.Everyone)
        ?? new CrdtSignalState(Ledger.Schema[Ledger.View], CohortScope.Everyone);

    public Ledger Replica(int[] lengths, DeterministicRandom random)
    {
        var (ledger, taken) = (new Ledger(), new int[Origins]);
        while (Enumerable.Range(0, Origins).Where(origin => taken[origin] < lengths[origin]).ToList() is { Count: > 0 } open)
        {
            var origin = open[random.Next(open.Count)];
            ledger.Take(_logs[origin][taken[origin]++], origin);
        }
        return ledger;
    }

    private void Write(DeterministicRandom random)
    {
        var origin = random.Next(Origins);
        var operation = new OperationId(new SessionId(new RegionId((ushort)origin), 1), (ulong)_logs[origin].Count + 1);
        if (_signals.Count == 0 || random.Chance(0.4))
        {
            _signals.Add((origin, Signal(random, operation)));
            _logs[origin].Add(_signals[^1].Record);
            return;
        }
        var (home, signal) = _signals[random.Next(_signals.Count)];
        var again = random.Chance(0.5) ? signal : LogRecord.Retraction(HlcTimestamp.Zero, signal);
        // A log holds one record of it at most, and the first attempt stands in one log only (PROTOCOL 12 and 15).
        if (!_logs[origin].Exists(record => record.Identity == again.Identity))
            _logs[origin].Add(again with { Attempt = (byte)(home == origin ? 0 : 1 + random.Next(2)) });
    }

    private static LogRecord Signal(DeterministicRandom random, OperationId operation)
    {
        var time = Ledger.Noon - (random.Chance(0.2) ? random.Next(0, 30L * 86_400_000) : random.Next(0, 600_000));
        return LogRecord.Signal(operation, HlcTimestamp.Zero, time, new ItemId("a"), Ledger.User, Ledger.View, 0.1 + random.NextDouble());
    }
}
