using System.Runtime.InteropServices;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>A region's gateway and its thread.</summary>
internal sealed class GatewayHost : HostThread
{
    private readonly RegionId _region;
    private readonly CallsUnderWay _calls;
    private readonly List<TaskCompletionSource> _waitingForIdle = [];
    private readonly Action<Exception> _callbackFailed;
    private Gateway? _machine;

    public GatewayHost(HostContext context, RegionId region)
        : base(context, $"tidal {context.Options.Topology.NameOf(region)} gateway")
    {
        _region = region;
        _callbackFailed = failure => Context.Failed(Address.OfGateway(_region), failure, stops: false);
        var metrics = context.Metrics.Of(region);
        _calls = new CallsUnderWay(call => metrics.Ended(call, Now.MonotonicMicroseconds));
        _machine = NewMachine(context.StartingDirectory());
    }

    /// <summary>The process died and is started again: what it knew is gone.</summary>
    public void Restart()
    {
        _calls.EndAll(Stopped());
        _machine = NewMachine(Context.NewDirectory());
        Context.Failures.Mended(Address.OfGateway(_region));
    }

    /// <summary>Tells when no call is under way.</summary>
    public Task WhenIdle()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waitingForIdle.Add(idle);
        return idle.Task;
    }

    /// <summary>Refuses a call that there is no room for, on the caller's thread.</summary>
    public void Refuse(ClientCall call) => call.EndWithout(
        WriteResult.Refused(RefusalReason.Overloaded),
        new GatewayUnavailableException($"More calls wait for the gateway of {Name} than it takes."));

    protected override long NextDeadlineMicroseconds => _machine?.NextDeadlineMicroseconds ?? long.MaxValue;

    /// <summary>Its region.</summary>
    public RegionId Region => _region;

    private string Name => Context.Options.Topology.NameOf(_region);

    protected override void Handle(in Letter letter)
    {
        if (letter.Body is ClientCall call)
            Begin(call);
        else
            Receive(letter.From, (Message)letter.Body);
    }

    protected override void Tick()
    {
        _machine!.Tick(Now);
        Drain(_machine);
    }

    protected override void FinishRound()
    {
        _calls.Tell(_callbackFailed);
        if (_calls.Count > 0 || _waitingForIdle.Count == 0)
            return;
        _waitingForIdle.ForEach(idle => idle.TrySetResult());
        _waitingForIdle.Clear();
    }

    protected override void OnFailed(Exception failure)
    {
        _machine = null;
        Context.Failed(Address.OfGateway(_region), failure);
        _calls.EndAll(Stopped());
    }

    protected override void OnEnding()
    {
        _calls.EndAll(Stopped());
        FinishRound();
    }

    protected override void OnUndelivered(in Letter letter)
    {
        if (letter.Body is not ClientCall call)
            return;
        _calls.Add(call);
        OnEnding();
    }

    private void Begin(ClientCall call)
    {
        _calls.Add(call);
        if (_machine is not { } machine)
        {
            call.EndWithout(WriteResult.Unanswered, Stopped());
            return;
        }
        try
        {
            machine.Begin(Now, call);
        }
        catch (Exception wrong) when (wrong is TidalException or ArgumentException)
        {
            // The call is at fault, not the gateway.
            call.EndWithout(null, wrong);
        }
        Drain(machine);
    }

    private void Receive(Address from, Message message)
    {
        if (_machine is not { } machine)
            return;
        var before = machine.Hlc;
        machine.Receive(Now, message, from);
        Context.Observer?.OnDelivery(new HostedDelivery(machine.Self, before, message.Hlc, machine.Hlc));
        Drain(machine);
    }

    private void Drain(Gateway machine)
    {
        foreach (ref readonly var outgoing in CollectionsMarshal.AsSpan(machine.Effects.Messages))
            Context.Transport.Send(machine.Self, outgoing.To, outgoing.Message);
        machine.Effects.Clear();
    }

    // No gateway makes so many tries a microsecond: none of an earlier life is made again.
    private Gateway NewMachine(NodeDirectory tenants) => new(
        new GatewaySettings(_region, Context.Options.Topology, Context.Options.Gateway, tenants) { TriesFrom = (ulong)Context.Clock.NowMicroseconds * 1024 });

    private GatewayUnavailableException Stopped() => new($"The gateway of {Name} was stopped before the call had an outcome.");
}
