using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>The control plane and its thread.</summary>
internal sealed class ControlPlaneHost : HostThread
{
    private readonly IDisposable _watch;
    private ControlPlane? _machine;
    private RegionId _region;
    private bool _isTableNew;

    public ControlPlaneHost(HostContext context)
        : base(context, "tidal control plane")
    {
        _machine = NewMachine(context.Coordinator.Current.Version);
        _isTableNew = true;
        _watch = context.Coordinator.Watch(_ => Tell(() => _isTableNew = true));
    }

    /// <summary>Stops without a word: what it knew is gone.</summary>
    public void Stop() => _machine = null;

    /// <summary>Starts in a region.</summary>
    public void StartIn(RegionId region)
    {
        (_region, _isTableNew) = (region, true);
        _machine = NewMachine(0);
        Context.Failures.Mended(Address.OfControlPlane(region));
    }

    /// <summary>The region that it runs in, or ran in last.</summary>
    public RegionId Region => _region;

    /// <summary>How far the last move of a tenant is; null when none was seen, or it is down.</summary>
    public MigrationProgress? ProgressOf(TenantId tenant) => _machine?.ProgressOf(tenant);

    protected override long NextDeadlineMicroseconds =>
        _machine is null ? long.MaxValue : _isTableNew ? 0 : _machine.NextDeadlineMicroseconds;

    protected override void Handle(in Letter letter)
    {
        if (_machine is not { } machine || letter.To.Region != _region)
            return;
        machine.Receive(Now, letter.From, (Message)letter.Body);
        Drain(machine);
    }

    protected override void Tick()
    {
        _isTableNew = false;
        _machine!.Tick(Now);
        Drain(_machine);
    }

    protected override void OnFailed(Exception failure)
    {
        _machine = null;
        Context.Failed(Address.OfControlPlane(_region), failure);
    }

    protected override void OnEnding() => _watch.Dispose();

    private ControlPlane NewMachine(ulong versionKnown) => new(
        new ControlPlaneSettings(_region, Context.Options.Topology, Context.Options.ControlPlane, Context.Coordinator) { VersionKnown = versionKnown });

    private void Drain(ControlPlane machine)
    {
        foreach (var outgoing in machine.Effects.Messages)
            Context.Transport.Send(machine.Self, outgoing.To, outgoing.Message);
        machine.Effects.Clear();
    }
}
