using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>
/// Random logs of three origins as their primaries would write them: operations tried in several regions and taken back in
/// several, sessions that end in some. Some clients say something else at a retry than at the first try. A replica holds a
/// beginning of each log.
/// </summary>
internal sealed class AttemptHistory
{
    public const int Origins = 3;
    private static readonly RegionId[] Members = [.. Enumerable.Range(0, Origins).Select(Region)];

    private readonly List<LogRecord>[] _logs = [[], [], []];
    private readonly DeterministicRandom _random;
    private readonly List<LogRecord> _signals = [];

    public AttemptHistory(DeterministicRandom random)
    {
        _random = random;
        for (var signal = 1 + random.Next(12); signal > 0; signal--)
            WriteSignal(new OperationId(new SessionId(Region(random.Next(2)), (ulong)random.Next(1, 3)), (ulong)_signals.Count + 1));
        foreach (var signal in _signals.Where(_ => random.Chance(0.4)))
            Spread(LogRecord.Retraction(default, signal), firstIn: HomeOf(signal));
        foreach (var session in _signals.Select(signal => signal.Operation.Session).Distinct().Where(_ => random.Chance(0.7)))
            End(session);
    }

    public int[] WholeLengths => [.. _logs.Select(log => log.Count)];

    public int[] RandomLengths() => [.. _logs.Select(log => _random.Next(log.Count + 1))];

    public IEnumerable<(RegionId Origin, ulong Number, LogRecord Record)> Records(int[] lengths) =>
        from origin in Enumerable.Range(0, Origins)
        from place in Enumerable.Range(0, lengths[origin])
        select (Region(origin), (ulong)place + 1, _logs[origin][place]);

    /// <summary>The records in an order in which a replica may take them: each origin's in its own, else any.</summary>
    public IEnumerable<(RegionId Origin, ulong Number, LogRecord Record)> Interleaved(int[] lengths) => Records(lengths)
        .GroupBy(record => record.Origin)
        .SelectMany(log => log.Zip(log.Select(_ => _random.NextDouble()).Order()))
        .OrderBy(pair => pair.Second)
        .Select(pair => pair.First);

    /// <summary>A replica that took these records in some interleaving of the origins.</summary>
    public TenantReplica Replica(int[] lengths)
    {
        var (replica, taken) = (new TenantReplica(Ledger.Schema, () => new(Members, [])), new int[Origins]);
        while (Enumerable.Range(0, Origins).Where(origin => taken[origin] < lengths[origin]).ToList() is { Count: > 0 } open)
        {
            var origin = open[_random.Next(open.Count)];
            Apply(replica.Apply, origin, taken[origin]++);
        }
        return replica;
    }

    /// <summary>Hands one record over as its batch would.</summary>
    public void Apply(Applies apply, int origin, int place)
    {
        var header = new BatchHeader { Origin = new NodeId(Region(origin), default), OriginEpoch = 1 };
        apply(header, (ulong)place + 1, _logs[origin][place]);
    }

    public static string DigestOf(TenantReplica replica)
    {
        using var digest = new StateDigest();
        replica.AddTo(digest);
        foreach (var origin in replica.Origins.Values)
            origin.AddTo(digest);
        return digest.Finish();
    }

    internal delegate void Applies(in BatchHeader header, ulong number, in LogRecord record);

    private static RegionId Region(int number) => new((ushort)number);

    private void WriteSignal(OperationId operation)
    {
        var signal = LogRecord.Signal(
            operation, default, Ledger.Noon - _random.Next(0, 600_000), Item(), Ledger.User, Ledger.View, 0.1 + _random.NextDouble(), Cohorts());
        _signals.Add(signal);
        Spread(signal, firstIn: _random.Chance(0.8) ? _random.Next(Origins) : null);
    }

    /// <summary>Puts a record into some logs, once in each: the first attempt into one at most, or nowhere if it was lost.</summary>
    private void Spread(LogRecord record, int? firstIn)
    {
        for (var origin = 0; origin < Origins; origin++)
        {
            var isFirst = origin == firstIn && _random.Chance(0.8);
            if (!isFirst && _random.Chance(0.6))
                continue;
            var said = !isFirst && _random.Chance(0.2) ? record with { Item = Item(), Cohorts = Cohorts() } : record;
            var log = _logs[origin];
            log.Insert(_random.Next(log.Count + 1), said with { Attempt = (byte)(isFirst ? 0 : 1 + _random.Next(2)) });
        }
    }

    private int? HomeOf(LogRecord signal) => Enumerable.Range(0, Origins).Cast<int?>()
        .FirstOrDefault(origin => _logs[origin!.Value].Exists(record => record.Identity == signal.Identity && record.Attempt == 0));

    // After everything of the session in that log, as its primary sees to.
    private void End(SessionId session)
    {
        for (var origin = 0; origin < Origins; origin++)
        {
            if (_random.Chance(0.8))
                _logs[origin].Add(LogRecord.ForSession(session, default, Ledger.Noon, SessionAction.End));
        }
    }

    private ItemId Item() => new(_random.Chance(0.5) ? "a" : "b");

    private CohortScope[] Cohorts() => _random.Chance(0.5) ? [Ledger.Locale(_random.Chance(0.5) ? "en" : "de")] : [];
}
