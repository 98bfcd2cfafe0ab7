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
    private readonly SortedSet<OperationId> _operations = [];

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
            Operations = [.. _operations.Take(EntriesMax).Select(HoldingOf)],
            NegativesLeftOut = Math.Max(0, _negatives.Count - EntriesMax),
            OperationsLeftOut = Math.Max(0, _operations.Count - EntriesMax),
        };
        return Completed(state, other);
    }

    /// <summary>A state told before, with what is known here of that which the other has named since.</summary>
    public ReplicationState Completed(ReplicationState own, ReplicationState other)
    {
        var negatives = own.Negatives.Select(negative => negative.Key).ToHashSet();
        var operations = own.Operations.Select(operation => operation.Operation).ToHashSet();
        return own with
        {
            Negatives = [.. own.Negatives
                .Concat(other.Negatives.Select(negative => negative.Key).Where(key => !negatives.Contains(key)).Select(HoldingOf))
                .OrderBy(negative => negative.Key)],
            Operations = [.. own.Operations
                .Concat(other.Operations.Select(operation => operation.Operation).Where(operation => !operations.Contains(operation)).Select(HoldingOf))
                .OrderBy(operation => operation.Operation)],
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
                    Touch(record);
            }
        }
        // What the log has no more may have touched anything.
        if (holding.OldestHeld > beyond + 1)
            _negatives.UnionWith(_held.State.HardNegativeKeys.Select(key => new NegativeKey(key.User, key.Target)));
    }

    private void Touch(in LogRecord record)
    {
        if (record.Kind == RecordKind.HardNegative)
            _negatives.Add(new NegativeKey(record.User, new(record.TargetKind, record.Target!, record.NegativeKind)));
        if (record.Attempt > 0)
            _operations.Add(record.Operation);
    }

    private NegativeHolding HoldingOf(NegativeKey key) =>
        new(key, _held.State.HardNegativesOf(key.User).GetValueOrDefault(key.Target));

    private OperationHolding HoldingOf(OperationId operation) => new(operation, [.. CopiesOf(operation).Order()]);

    private IEnumerable<OperationCopy> CopiesOf(OperationId operation) =>
        from origin in _held.Origins
        where origin.Value.Operations.StandingOf(operation) == OperationStanding.Held
        select new OperationCopy(0, origin.Key);
}
