using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing;

// Tenants on the move: what an operator changes, and the control plane that sees to it.
public sealed partial class SimulatedCluster
{
    /// <summary>Steps of moves kept: the first ones.</summary>
    private const int TenantStepsMax = 1000;

    private readonly List<TenantStep> _tenantSteps = [];

    /// <summary>The control plane; null while it is down. Read it, never drive it.</summary>
    public ControlPlane? ControlPlane => _controlPlane.Machine;

    /// <inheritdoc/>
    public override MigrationProgress? ProgressOf(TenantId tenant) => ControlPlane?.ProgressOf(tenant);

    /// <inheritdoc/>
    public override IEnumerable<TenantStep> TenantSteps => _tenantSteps;

    /// <inheritdoc/>
    public override void ChangeTable(Func<RoutingTable, RoutingTable> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        MustBeOnTheRunningThread();
        _coordinator.TryReplace(Table.Version, change(Table));
    }

    private void FollowMoves(RoutingTable table)
    {
        foreach (var placement in table.Tenants)
        {
            var (step, last) = (TenantMigration.StepOf(placement), _tenantSteps.FindLastIndex(known => known.Tenant == placement.Tenant));
            if (step != (last < 0 ? MigrationStep.Idle : _tenantSteps[last].Step) && _tenantSteps.Count < TenantStepsMax)
                _tenantSteps.Add(new TenantStep(NowMicroseconds, placement.Tenant, step));
        }
    }

    internal override void CrashControlPlane()
    {
        WriteFault(HistoryKind.FaultBegan, Address.OfControlPlane(_controlPlane.Region), "the control plane crashes", new HistoryScope(HistorySort.Stop, []));
        _controlPlane.Crash();
    }

    internal override void StartControlPlane(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfControlPlane(region), $"the control plane is back, in {Topology.NameOf(region)}", new HistoryScope(HistorySort.Stop, []));
        _controlPlane.Start(region);
    }
}
