using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Testing.Simulation;

/// <summary>The control plane of a simulated cluster: its machine while it is alive. Not safe for use by several threads.</summary>
internal sealed class SimulatedControlPlane : IActor
{
    private readonly SimulatedWorld _world;
    private readonly ICoordinator _coordinator;
    private readonly Wakeup _wakeup;

    public SimulatedControlPlane(SimulatedWorld world, ICoordinator coordinator)
    {
        (_world, _coordinator) = (world, coordinator);
        _wakeup = new Wakeup(world.Time, this);
        Start(default, coordinator.Current.Version);
        coordinator.Watch(_ => WakeNow());
    }

    /// <summary>The machine; null while it is down.</summary>
    public ControlPlane? Machine { get; private set; }

    /// <summary>The region that it runs in, or ran in last.</summary>
    public RegionId Region { get; private set; }

    // It runs beside the region's gateway.
    private ClockReading Now => _world.Clocks.ReadAtGateway(Region);

    /// <summary>Stops without a word: what it knew is gone.</summary>
    public void Crash() => Machine = null;

    /// <summary>Starts in a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="versionKnown">The version of the table that everybody is configured with.</param>
    public void Start(RegionId region, ulong versionKnown = 0)
    {
        Region = region;
        Machine = new ControlPlane(new ControlPlaneSettings(region, _world.Options.Topology, _world.Options.ControlPlane, _coordinator) { VersionKnown = versionKnown });
        Machine.Tick(Now);
        Drain();
    }

    public void Handle(in DueEvent due)
    {
        if (due.Kind == DueKind.Wake)
        {
            if (!_wakeup.Takes(due))
                return;
            Machine?.Tick(Now);
        }
        else if (!_world.Network.IsLost(due) && due.To.Region == Region)
        {
            Machine?.Receive(Now, due.From, due.Message!);
        }
        Drain();
    }

    private void WakeNow()
    {
        if (Machine is not null)
            _wakeup.Ask(_world.Time.NowMicroseconds);
    }

    private void Drain()
    {
        if (Machine is not { } machine)
            return;
        foreach (var outgoing in machine.Effects.Messages)
            _world.Network.Send(machine.Self, outgoing.To, outgoing.Message);
        machine.Effects.Clear();
        _wakeup.Ask(machine.NextDeadlineMicroseconds);
    }
}
