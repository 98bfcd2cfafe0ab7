using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Simulation;

/// <summary>A region's gateway in a simulated cluster.</summary>
internal sealed class SimulatedGateway : IActor
{
    private readonly SimulatedWorld _world;
    private readonly RegionId _region;
    private Gateway _machine;
    private readonly Wakeup _wakeup;

    public SimulatedGateway(SimulatedWorld world, RegionId region)
    {
        _world = world;
        _region = region;
        _wakeup = new Wakeup(world.Time, this);
        _machine = NewMachine(world.FoundingDirectory());
    }

    /// <summary>The process died and is started again: what it knew is gone, and so are the calls that were under way.</summary>
    public void Restart()
    {
        _machine = NewMachine(_world.NewDirectory());
        _wakeup.Forget();
    }

    private ClockReading Now => _world.Clocks.ReadAtGateway(_region);

    public void Begin(ClientCall call)
    {
        _machine.Begin(Now, call);
        Drain();
    }

    public void Handle(in DueEvent due)
    {
        if (due.Kind == DueKind.Wake)
        {
            if (!_wakeup.Takes(due))
                return;
            _machine.Tick(Now);
        }
        else if (!_world.Network.IsLost(due))
        {
            var before = _machine.Hlc;
            _machine.Receive(Now, due.Message!, due.From);
            _world.Watches.OnDelivery(new Delivery(_machine.Self, before, due.Message!.Hlc, _machine.Hlc));
        }
        Drain();
    }

    // No gateway makes so many tries a microsecond: none of an earlier life is made again.
    private Gateway NewMachine(NodeDirectory tenants) => new(
        new GatewaySettings(_region, _world.Options.Topology, _world.Options.Gateway, tenants) { TriesFrom = (ulong)_world.Time.NowMicroseconds * 1024 });

    private void Drain()
    {
        foreach (var outgoing in _machine.Effects.Messages)
            _world.Network.Send(_machine.Self, outgoing.To, outgoing.Message);
        _machine.Effects.Clear();
        _wakeup.Ask(_machine.NextDeadlineMicroseconds);
    }
}
