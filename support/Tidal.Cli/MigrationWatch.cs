using Tidal.Placement;

namespace Tidal.Cli;

/// <summary>Watches how a tenant's move goes, and tells each step, and what is waited for for a while.</summary>
/// <param name="spec">The move.</param>
/// <param name="observer">Hears of it.</param>
/// <param name="began">When the routing configuration was changed.</param>
/// <param name="tableVersion">The routing table's version by which it was changed.</param>
/// <param name="faults">The faults that last, in words.</param>
internal sealed class MigrationWatch(
    MigrationSpec spec, IReplayObserver observer, DateTimeOffset began, ulong tableVersion, Func<IEnumerable<string>> faults)
{
    /// <summary>How long the same must be waited for to be worth a line.</summary>
    private static readonly TimeSpan WorthALine = TimeSpan.FromSeconds(5);

    private readonly List<PlayedStep> _steps = [];
    private readonly List<PlayedWait> _waits = [];
    private string _waitsFor = "";
    private DateTimeOffset _waitsSince;
    private bool _isWaitTold;

    /// <summary>The steps reached, in order.</summary>
    public IReadOnlyList<PlayedStep> Steps => _steps;

    /// <summary>What was waited for for a while, in order.</summary>
    public IReadOnlyList<PlayedWait> Waits => _waits;

    /// <summary>When the last step was reached.</summary>
    public DateTimeOffset LastMoved => _steps.Count == 0 ? began : _steps[^1].Time;

    /// <summary>Whether the tenant is where it is wanted, and nowhere else.</summary>
    public bool IsOver { get; private set; }

    // What an earlier move of the tenant has reached is older than the table in which this one was wanted.
    private bool IsOfThisMove(MigrationStepReached reached) => reached.TableVersion >= tableVersion;

    /// <summary>Looks how far it is.</summary>
    /// <param name="progress">What the control plane says; null while it says nothing.</param>
    /// <param name="now">The cluster's time.</param>
    public void Look(MigrationProgress? progress, DateTimeOffset now)
    {
        foreach (var reached in (progress?.Steps ?? []).Where(IsOfThisMove).Skip(_steps.Count))
            Tell(reached.Step, reached.WallMilliseconds is { } wall ? DateTimeOffset.FromUnixTimeMilliseconds(wall) : now);
        IsOver = _steps is [.., { Step: MigrationStep.Idle }];
        Wait(IsOver ? [] : progress?.WaitsFor ?? [], now);
    }

    private void Tell(MigrationStep step, DateTimeOffset time)
    {
        _steps.Add(new PlayedStep(step, time));
        observer.Happened(time, step switch
        {
            MigrationStep.PreparingTarget => $"{spec.Tenant}: {spec.To} takes in what {spec.From} holds",
            MigrationStep.DualWrite => $"{spec.Tenant}: {spec.From} and {spec.To} both take writes",
            MigrationStep.Finalizing => $"{spec.Tenant}: {spec.From} takes no more writes, {spec.To} takes in the last",
            MigrationStep.Complete => $"{spec.Tenant}: {spec.To} alone serves it, {spec.From} erases it",
            _ => $"{spec.Tenant} is in {spec.To}, and nowhere else",
        });
    }

    // The first of it: mostly the rest is the same of the other shards.
    private void Wait(IReadOnlyList<string> waitsFor, DateTimeOffset now)
    {
        var text = waitsFor.Count < 2 ? waitsFor.FirstOrDefault("") : $"{waitsFor[0]}, and {waitsFor.Count - 1} more";
        if (text != _waitsFor)
            (_waitsFor, _waitsSince, _isWaitTold) = (text, now, false);
        if (_isWaitTold || text.Length == 0 || now - _waitsSince < WorthALine)
            return;
        _isWaitTold = true;
        _waits.Add(new PlayedWait(text + string.Concat(faults().Select(fault => $"; {fault}")), _waitsSince));
        observer.Happened(now, $"{spec.Tenant} waits: {_waits[^1].Text}");
    }
}
