using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Replication;

// Between regions that have not heard each other for a while: what the parts that reconcile share.
public sealed partial class ShardReplica
{
    internal Reconciliations Reconciling { get; }

    /// <summary>What came of the last reconciliations with other regions while this replica was the primary, the newest last.</summary>
    public IReadOnlyList<ReconciliationReport> Reconciliations => Reconciling.Reports;

    /// <summary>The merge plans that this primary carries out now.</summary>
    public IEnumerable<MergePlan> MergePlans => Reconciling.Plans;

    /// <summary>How far this replica holds a tenant's origin logs.</summary>
    /// <param name="tenant">The tenant.</param>
    public ReplicationState StateOfMarks(TenantId tenant) => new ReplicationStateReader(this, tenant).Marks();

    /// <summary>What this replica holds, as far as another region needs it to see where the two differ.</summary>
    /// <param name="other">What the other holds: at least its marks.</param>
    public ReplicationState StateBeyond(ReplicationState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ReplicationStateReader(this, other.Tenant).Beyond(other);
    }

    /// <summary>What this replica has told of itself, with what it knows of that which the other has named since.</summary>
    /// <param name="own">What it has told.</param>
    /// <param name="other">What the other answered.</param>
    public ReplicationState StateCompleted(ReplicationState own, ReplicationState other)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(other);
        return new ReplicationStateReader(this, own.Tenant).Completed(own, other);
    }

    internal void AskFor(RegionId region, TenantId tenant, RegionId origin) => _follower.AskFor(region, (tenant, origin), NowMicroseconds);

    internal void ReportPlanned(RegionId region, MergePlan plan) => Effects.Events.Add(new ReplicaEvent(
        ReplicaEventKind.ReconciliationPlanned, _raft.Epoch, plan.RecordsFor(Self.Region), region));

    internal void ReportReconciled(ReconciliationReport report)
    {
        Reconciling.Keep(report);
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.ReconciliationDone, _raft.Epoch, report.RecordsTaken, report.Peer, Tenant: report.Plan.Tenant));
    }

    private void OnReconcile(Address from, ReconcileMessage message)
    {
        if (!_raft.IsReadyPrimary)
        {
            Effects.Send(from, new NotShardPrimary { Primary = _raft.Primary });
            return;
        }
        _shipper.Heard(from, NowMicroseconds);
        // It tells what the beat after a silence would tell.
        _shipper.TakeSilence(from.Region);
        Reconciling.OnMessage(from, message, NowMicroseconds);
    }
}
