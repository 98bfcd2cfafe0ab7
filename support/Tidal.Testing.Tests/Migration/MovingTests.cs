using Tidal.Placement;

namespace Tidal.Testing.Tests.Migration;

/// <summary>A tenant moves from region to region under writes, and nothing is wrong with it afterwards.</summary>
public sealed class MovingTests
{
    [Fact]
    public void It_moves_step_by_step_and_leaves_nothing_behind()
    {
        using var move = new MovingCluster(seed: 1);
        move.MoveTo(MovingCluster.Third, MovingCluster.Target);
        move.RunUntilSettled();
        move.MustHaveLostNothing();
        move.Progress.Steps.Select(step => step.Step).Should().Equal(
            MigrationStep.PreparingTarget, MigrationStep.DualWrite, MigrationStep.Finalizing, MigrationStep.Complete, MigrationStep.Idle);
    }
}
