namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: wall clocks jump at an instant, forwards or backwards, by any step; and after each interval back and
/// forth again, until its disposal. The cluster must keep what it must keep under a <see cref="ClockSkew"/>; above all, no
/// stamp may go back with its clock.
/// </summary>
public sealed class ClockJump : ClockFault
{
    private readonly TimeSpan _interval;
    private TimeSpan _nextStep;
    private TimeSpan _ahead;

    /// <summary>Lets clocks jump.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="struck">Whose clocks.</param>
    /// <param name="step">How far forwards at the first jump; negative for backwards.</param>
    /// <param name="interval">How long from a jump to the next, the other way; zero: no other until the disposal.</param>
    public ClockJump(SimulatedCluster cluster, StruckClocks struck, TimeSpan step, TimeSpan interval)
        : base(cluster, struck, $"jumps {Words(step, interval)}", $"jump {Words(step, interval)}")
    {
        _interval = interval;
        _nextStep = step;
        Jump();
    }

    private void Jump()
    {
        if (IsOver)
            return;
        Move(_nextStep);
        _ahead += _nextStep;
        _nextStep = -_nextStep;
        if (_interval > TimeSpan.Zero)
            Cluster.After(_interval, Jump);
    }

    private static string Words(TimeSpan step, TimeSpan interval) => interval == TimeSpan.Zero
        ? Words(step)
        : FormattableString.Invariant($"{Words(step)} and back, every {interval.TotalMilliseconds} ms");

    private protected override void End() => Move(-_ahead);
}
