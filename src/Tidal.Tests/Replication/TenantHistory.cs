using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>
/// The origin logs of three regions with records of every kind that counts, as batches. A copy of the tenant holds a
/// beginning of each log, as a replica does.
/// </summary>
internal sealed class TenantHistory
{
    public const int Regions = 3;
    private readonly List<byte[]>[] _batches;

    public TenantHistory(DeterministicRandom random, int records = 20)
    {
        var logs = Enumerable.Range(0, Regions).Select(region => RandomRecords.Make(random, region, records)).ToArray();
        for (var region = 0; region < Regions; region++)
        {
            for (var place = 0; place < records; place++)
                logs[region][place] = Vary(random, logs, region, logs[region][place]);
        }
        _batches = [.. logs.Select((log, region) => OriginBatches.Encode(random, region, log))];
    }

    public int[] WholeLengths => [.. _batches.Select(log => log.Count)];

    public int[] RandomLengths(DeterministicRandom random) => [.. _batches.Select(log => random.Next(log.Count + 1))];

    /// <summary>A group's log that holds so many batches of each origin, in a random interleaving.</summary>
    public List<Envelope> Log(DeterministicRandom random, int[] lengths) =>
        OriginBatches.Interleave(random, [.. _batches.Select((log, region) => log.Take(lengths[region]).ToList())]);

    /// <summary>What comes after so many batches of each origin.</summary>
    public List<byte[]> Rest(int[] lengths) => [.. _batches.SelectMany((log, region) => log.Skip(lengths[region]))];

    public ShardState State(DeterministicRandom random, int[] lengths) => Apply(new ShardState(_ => Ledger.Schema), Log(random, lengths));

    public TenantReplica Replica(DeterministicRandom random, int[] lengths) => State(random, lengths).TenantOf(TenantId.First);

    public static ShardState Apply(ShardState state, IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes)
            state.Apply(envelope, new HybridLogicalClock());
        return state;
    }

    /// <summary>Takes batches into a state as the next envelopes of its group's log.</summary>
    public static ShardState Take(ShardState state, IEnumerable<byte[]> batches) =>
        Apply(state, batches.Select((batch, place) => Envelope.Encode(EnvelopeKind.Batch, 1, state.AppliedIndex + 1 + (ulong)place, 0, batch)).ToList());

    /// <summary>What a replica reads of every item, as bits.</summary>
    public static List<long> Reads(TenantReplica replica, long time) =>
    [
        .. from item in replica.State.Items.OrderBy(item => item.Item)
           from signal in Ledger.Schema.Signals
           from scope in new[] { CohortScope.Everyone, Ledger.Locale("de"), Ledger.Locale("en") }
           from bits in Enum.GetValues<CountWindow>().Select(window => replica.State.ReadCount(item.Item, signal.Id, scope, window, time))
               .Append(BitConverter.DoubleToInt64Bits(replica.State.ReadDecayScore(item.Item, signal.Id, scope, time)))
           select bits,
    ];

    private static LogRecord Vary(DeterministicRandom random, LogRecord[][] logs, int region, LogRecord record)
    {
        if (random.Chance(0.1))
        {
            return LogRecord.HardNegative(
                record.Operation, record.Hlc, record.EventTimeMilliseconds, Ledger.User, $"item-{random.Next(3)}", TargetKind.Item,
                NegativeKind.Hide, random.Chance(0.4));
        }
        var signals = logs.SelectMany((log, home) => log.Where(other => other.Kind == RecordKind.Signal).Select(other => (home, other))).ToList();
        if (!random.Chance(0.15) || signals.Count == 0 || record.Kind == RecordKind.Session)
            return record;
        var (homeOf, signal) = signals[random.Next(signals.Count)];
        return LogRecord.Retraction(record.Hlc, signal, (byte)(homeOf == region ? 0 : 1 + random.Next(2)));
    }
}
