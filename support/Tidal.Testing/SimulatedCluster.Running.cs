using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Simulation;

namespace Tidal.Testing;

// Letting time pass. Nothing here sends, heals or polls anything into being: a wait only observes.
public sealed partial class SimulatedCluster
{
    private int _runningThread;

    /// <inheritdoc/>
    public override void Run(TimeSpan time) => RunUntil(static () => false, time);

    /// <summary>Lets virtual time pass until something is so, looked at after every event.</summary>
    /// <inheritdoc/>
    public override bool RunUntil(Func<bool> condition, TimeSpan bound)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var until = _world.Time.NowMicroseconds + (long)bound.TotalMicroseconds;
        return SingleThread.Run(() => RunUntil(condition, until));
    }

    private bool RunUntil(Func<bool> condition, long until)
    {
        _runningThread = Environment.CurrentManagedThreadId;
        try
        {
            while (!condition())
            {
                if (!_world.Time.Step(until))
                    return condition();
            }
            return true;
        }
        finally
        {
            _runningThread = 0;
        }
    }

    /// <summary>While time passes, what happens must happen on its thread: else it would not be a function of the seed.</summary>
    private void MustBeOnTheRunningThread()
    {
        if (_runningThread != 0 && _runningThread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A simulated cluster was called from a second thread while time passed on its own.");
    }

    /// <inheritdoc/>
    public override void After(TimeSpan delay, Action callback)
    {
        MustBeOnTheRunningThread();
        _world.Time.At(_world.Time.NowMicroseconds + (long)delay.TotalMicroseconds, callback);
    }

    /// <inheritdoc/>
    public override void RunUntilAnswered() => Run(Options.Gateway.CallDeadline + Options.Gateway.WriteTimeout);

    private protected override bool RunUntilCompleted(Task task, TimeSpan bound) => RunUntil(() => task.IsCompleted, bound);

    internal override void Begin(RegionId region, ClientCall call)
    {
        MustBeOnTheRunningThread();
        _gateways[region.Ordinal].Begin(call);
    }

    internal override void GoOn(TaskCompletionSource waiting) => waiting.SetResult();
}
