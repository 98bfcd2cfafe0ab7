using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>
/// Reads off a replica what another region needs to know of it. Of the log only the batches beyond the other's marks are read
/// that hold a hard negative or a later attempt: mostly none. Not safe for use by several threads.
/// </summary>
internal sealed class ReplicationStateReader(ShardReplica replica, TenantId tenant)
{
    private readonly TenantReplica _held = replica.State.TenantOf(tenant);
    private readonly SortedSet<NegativeKey> _negatives = [];
    private readonly SortedDictionary<RecordIdentity, List<OperationCopy>> _operations = [];

    private int EntriesMax => replica.Settings.Options.ReconcileEntriesMax;

    /// <summary>The marks alone.</summary>
    public ReplicationState Marks() => new()
    {
        Tenant = tenant,
        Shard = replica.Self.Shard,
        Region = replica.Self.Region,
        Origins = [.. _held.Origins.Where(origin => origin.Value.Mark.Number > 0)
            .Select(origin => new OriginHolding(origin.Key, origin.Value.Mark, origin.Value.OldestHeld))],
    };

    /// <summary>What is held beyond the other's marks, and what is known here of that which the other names.</summary>
    public ReplicationState Beyond(ReplicationState other)
    {
        var marks = Marks();
        foreach (var holding in marks.Origins)
            Touch(holding, other.HoldingOf(holding.Origin).Mark.Number);
        var state = marks with
        {
            Negatives = [.. _negatives.Take(EntriesMax).Select(HoldingOf)],
            Operations = [.. _operations.Take(EntriesMax).Select(operation => HoldingOf(operation.Key, operation.Value))],
            NegativesLeftOut = Math.Max(0, _negatives.Count - EntriesMax),
            OperationsLeftOut = Math.Max(0, _operations.Count - EntriesMax),
        };
        return Completed(state, other);
    }

    /// <summary>A state told before, with what is known here of that which the other has named since.</summary>
    public ReplicationState Completed(ReplicationState own, ReplicationState other)
    {
        var negatives = own.Negatives.Select(negative => negative.Key).ToHashSet();
        var operations = own.Operations.Select(operation => operation.Identity).ToHashSet();
        return own with
        {
            Negatives = [.. own.Negatives
                .Concat(other.Negatives.Select(negative => negative.Key).Where(key => !negatives.Contains(key)).Select(HoldingOf))
                .OrderBy(negative => negative.Key)],
            Operations = [.. own.Operations
                .Concat(other.Operations.Select(operation => operation.Identity).Where(identity => !operations.Contains(identity)).Select(identity => HoldingOf(identity, [])))
                .OrderBy(operation => operation.Identity)],
        };
    }

    private void Touch(OriginHolding holding, ulong beyond)
    {
        foreach (var index in _held.Origins[holding.Origin].ToldApartAfter(beyond))
        {
            var batch = BatchReader.Open(replica.Raft.Log.Read(index).Payload);
            for (var number = batch.Header.FirstNumber; batch.TryRead(out var record); number++)
            {
                if (number > beyond)
                    Touch(holding.Origin, record);
            }
        }
        // What the log has no more may have touched anything.
        if (holding.OldestHeld > beyond + 1)
            _negatives.UnionWith(_held.State.HardNegativeKeys.Select(key => new NegativeKey(key.User, key.Target)));
    }

    private void Touch(RegionId origin, in LogRecord record)
    {
        if (record.Kind == RecordKind.HardNegative)
            _negatives.Add(new NegativeKey(record.User, new(record.TargetKind, record.Target!, record.NegativeKind)));
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction) || !IsOneOfSeveral(record))
            return;
        if (!_operations.TryGetValue(record.Identity, out var copies))
            _operations.Add(record.Identity, copies = []);
        copies.Add(new OperationCopy(record.Attempt, origin));
    }

    private NegativeHolding HoldingOf(NegativeKey key) =>
        new(key, _held.State.HardNegativesOf(key.User).GetValueOrDefault(key.Target));

    private bool IsOneOfSeveral(in LogRecord record)
    {
        var identity = record.Identity;
        return record.Attempt > 0 || _held.Origins.Values.Count(origin => origin.Operations.Holds(identity)) > 1;
    }

    // What the log's records beyond the mark tell, what counts, and of the rest whether it is a first attempt: all else is not kept.
    private OperationHolding HoldingOf(RecordIdentity identity, List<OperationCopy> read)
    {
        var copies = read.ToDictionary(copy => copy.Region);
        if (_held.State.FindLater(identity) is { } later)
            copies.TryAdd(later.Region, new OperationCopy(later.Attempt, later.Region));
        foreach (var (region, origin) in _held.Origins)
        {
            if (origin.Operations.Holds(identity))
                copies.TryAdd(region, new OperationCopy(origin.Operations.HoldsFirst(identity) ? (byte)0 : OperationCopy.SomeLaterAttempt, region));
        }
        return new OperationHolding(identity, [.. copies.Values.Order()]);
    }
}
