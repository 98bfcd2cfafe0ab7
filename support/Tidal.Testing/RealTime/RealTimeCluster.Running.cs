using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Simulation;

namespace Tidal.Testing.RealTime;

// Real time passes by itself; meanwhile clients go on, and conditions are looked at while the cluster stands still.
public sealed partial class RealTimeCluster
{
    /// <summary>How long after a look at a condition the next one comes.</summary>
    private const long LookEveryMicroseconds = 10_000;

    /// <summary>Each may let the whole cluster stand still: it does so for a tenth of the time at most.</summary>
    private const long LookShare = 10;

    private int _outstanding;

    /// <inheritdoc/>
    public override void Run(TimeSpan time) => Pump(static () => false, time);

    /// <inheritdoc/>
    public override bool RunUntil(Func<bool> condition, TimeSpan bound)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var nextLook = 0L;
        return Pump(LookNowAndThen, bound) || Holds(condition);

        bool LookNowAndThen()
        {
            if (NowMicroseconds < nextLook)
                return false;
            var began = NowMicroseconds;
            var isSo = Holds(condition);
            nextLook = NowMicroseconds + Math.Max(LookEveryMicroseconds, LookShare * (NowMicroseconds - began));
            return isSo;
        }
    }

    // What is not about replicas lets nobody stand still.
    private bool Holds(Func<bool> condition)
    {
        _isLookedAt = false;
        try
        {
            return condition();
        }
        catch (InvalidOperationException) when (_isLookedAt && _standing is null)
        {
            return Look(condition);
        }
    }

    /// <inheritdoc/>
    public override void RunUntilAnswered()
    {
        var bound = Options.Gateway.CallDeadline + Options.Gateway.WriteTimeout + TimeSpan.FromSeconds(5);
        if (!Pump(() => _outstanding == 0, bound))
            throw new TimeoutException($"{_outstanding} calls have no outcome after {bound}.");
    }

    /// <inheritdoc/>
    public override void After(TimeSpan delay, Action callback) => _clients.At(NowMicroseconds + (long)delay.TotalMicroseconds, callback);

    internal override long NowMicroseconds => Clock.NowMicroseconds;

    internal override void Begin(RegionId region, ClientCall call)
    {
        _outstanding++;
        _cluster.Begin(region, call);
    }

    internal override void GoOn(TaskCompletionSource waiting) => _clients.Post(() =>
    {
        _outstanding--;
        waiting.SetResult();
    });

    private protected override bool RunUntilCompleted(Task task, TimeSpan bound) => Pump(() => task.IsCompleted, bound);

    /// <inheritdoc/>
    public override TimeSpan Waited => TimeSpan.FromMicroseconds(NowMicroseconds - _machine.Stalls.ExcusedMicroseconds);

    private bool Pump(Func<bool> isOver, TimeSpan bound)
    {
        var until = Waited + bound;
        return SingleThread.Run(() => PumpUntil(isOver, until));
    }

    private bool PumpUntil(Func<bool> isOver, TimeSpan until)
    {
        while (true)
        {
            _clients.DoAll();
            MustNotHaveFailed();
            if (isOver())
                return true;
            // By what is known of the machine: a wait that ends while it stands still is not over yet.
            if (_machine.Stalls.WaitedMicroseconds >= until.TotalMicroseconds)
                return false;
            _clients.DoAndSleep(NowMicroseconds + Math.Clamp((long)(until - Waited).TotalMicroseconds, LookEveryMicroseconds / 10, LookEveryMicroseconds));
        }
    }

    private void MustNotHaveFailed()
    {
        if (_cluster.Failures is { Count: > 0 } failures)
            throw new ClusterFailedException("Something failed in the background of the cluster.", failures);
    }
}
