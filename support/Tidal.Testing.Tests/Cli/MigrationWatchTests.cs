using Tidal.Cli;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Cli;

/// <summary>What is told of a move while it is under way.</summary>
public sealed class MigrationWatchTests : IReplayObserver
{
    private const ulong TableVersion = 60;

    private static readonly DateTimeOffset Noon = new(2015, 9, 12, 12, 0, 0, TimeSpan.Zero);

    private readonly List<string> _told = [];
    private readonly MigrationWatch _watch;

    public MigrationWatchTests() => _watch = new MigrationWatch(
        MigrationSpec.Parse("12:00 wiki:vi ap-south->eu-west"), this, Noon, TableVersion, () => ["ap-south is cut off from every other region"]);

    void IReplayObserver.Progress(double fraction, DateTimeOffset virtualTime) => throw new InvalidOperationException("A move is no progress of the rows.");

    void IReplayObserver.Happened(DateTimeOffset virtualTime, string text) => _told.Add($"{(virtualTime - Noon).TotalSeconds} {text}");

    [Fact]
    public void Each_step_is_told_once_with_its_own_time()
    {
        Look(seconds: 1, [], (MigrationStep.PreparingTarget, 60), (MigrationStep.DualWrite, 61));
        Look(seconds: 2, [], (MigrationStep.PreparingTarget, 60), (MigrationStep.DualWrite, 61), (MigrationStep.Idle, 64));
        _told.Should().Equal(
            "0 wiki:vi: eu-west takes in what ap-south holds", "1 wiki:vi: ap-south and eu-west both take writes", "4 wiki:vi is in eu-west, and nowhere else");
        _watch.Steps.Select(step => step.Step).Should().Equal(MigrationStep.PreparingTarget, MigrationStep.DualWrite, MigrationStep.Idle);
        (_watch.IsOver, _watch.LastMoved).Should().Be((true, Noon.AddSeconds(4)));
    }

    [Fact]
    public void The_steps_of_the_move_before_are_not_its_own()
    {
        Look(seconds: 0, [], (MigrationStep.PreparingTarget, 50), (MigrationStep.Idle, 55));
        _watch.Should().Match<MigrationWatch>(watch => watch.Steps.Count == 0 && !watch.IsOver);
    }

    [Fact]
    public void What_is_waited_for_is_told_once_it_lasts_with_the_fault_that_may_be_the_cause()
    {
        for (var second = 0; second < 20; second++)
            Look(second, second < 4 ? ["shard 0 of eu-west has not answered"] : ["shard 0 of ap-south has not answered", "shard 1 of ap-south has not answered"]);
        _told.Should().Equal("9 wiki:vi waits: shard 0 of ap-south has not answered, and 1 more; ap-south is cut off from every other region");
        _watch.Waits.Should().ContainSingle().Which.Since.Should().Be(Noon.AddSeconds(4));
    }

    private void Look(int seconds, string[] waitsFor, params (MigrationStep Step, ulong Version)[] steps) => _watch.Look(
        new MigrationProgress
        {
            Tenant = TenantId.First,
            Name = "wiki:vi",
            From = [],
            To = [],
            Step = MigrationStep.Idle,
            WaitsFor = waitsFor,
            Steps = [.. steps.Select(step => new MigrationStepReached(step.Step, step.Version, Noon.AddSeconds(step.Version - 60.0).ToUnixTimeMilliseconds()))],
        },
        Noon.AddSeconds(seconds));
}
