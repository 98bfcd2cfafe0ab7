using Tidal.Placement;

namespace Tidal.Testing.Tests.Migration;

/// <summary>A tenant moves from region to region under writes and queries, and nothing is wrong with it afterwards.</summary>
public sealed class MovingTests
{
    [Fact]
    public void It_moves_under_writes_and_queries_and_leaves_nothing_behind()
    {
        using var move = new MovingCluster(seed: 1);
        move.Write(20);
        move.MoveTo(MovingCluster.South);
        move.RunUntilSettled();
        move.Write(5);
        move.MustHaveLostNothing();
        move.Progress.Steps.Select(step => step.Step).Should().Equal(
            MigrationStep.PreparingTarget, MigrationStep.DualWrite, MigrationStep.Finalizing, MigrationStep.Complete, MigrationStep.Idle);
    }
}
