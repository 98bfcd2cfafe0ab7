using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing;

// Tenants on the move: what an operator changes, and the control plane that sees to it.
public sealed partial class SimulatedCluster
{
    /// <summary>The control plane; null while it is down. Read it, never drive it.</summary>
    public ControlPlane? ControlPlane => _controlPlane.Machine;

    /// <inheritdoc/>
    public override MigrationProgress? ProgressOf(TenantId tenant) => ControlPlane?.ProgressOf(tenant);

    /// <inheritdoc/>
    public override void ChangeTable(Func<RoutingTable, RoutingTable> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        MustBeOnTheRunningThread();
        _coordinator.TryReplace(Table.Version, change(Table));
    }

    internal override void CrashControlPlane()
    {
        WriteFault(HistoryKind.FaultBegan, Address.OfControlPlane(_controlPlane.Region), "the control plane crashes");
        _controlPlane.Crash();
    }

    internal override void StartControlPlane(RegionId region)
    {
        WriteFault(HistoryKind.Returned, Address.OfControlPlane(region), $"the control plane is back, in {Topology.NameOf(region)}");
        _controlPlane.Start(region);
    }
}
