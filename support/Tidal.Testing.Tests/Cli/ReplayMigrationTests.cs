using Tidal.Cli;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Small days with tenants that move, played to the end.</summary>
public sealed class ReplayMigrationTests
{
    private static readonly RankedItem[] Wanted = [.. Enumerable.Range(0, 100).Select(place => new RankedItem(new ItemId($"vi:{place:000}"), 1_000 - place))];

    [Fact]
    public void A_tenant_moves_there_and_back_and_all_is_well()
    {
        var report = Play("--no-faults", "--migrate", "12:00:10 wiki:vi ap-south->eu-west", "--migrate", "12:00:40 wiki:vi eu-west->ap-south", "--query", "RETRIEVE items LIMIT 1000");
        report.Passed.Should().BeTrue();
        report.Migrations.Select(migration => (migration.From, migration.To)).Should().Equal(("ap-south", "eu-west"), ("eu-west", "ap-south"));
        report.Migrations.Should().OnlyContain(migration => migration.IsOver && migration.ShortQueries == 0 && migration.CutOffQueries == 0 && migration.BytesLeftBehind == 0 && migration.Queries > 100);
        report.Migrations[0].Steps.Select(step => step.Step).Should().Equal(
            MigrationStep.PreparingTarget, MigrationStep.DualWrite, MigrationStep.Finalizing, MigrationStep.Complete, MigrationStep.Idle);
        var listed = report.Queries.Should().ContainSingle().Which;
        listed.Stats.IsDegraded.Should().BeFalse();
        listed.Items.Select(item => item.Item).Should().BeEquivalentTo(Rows().Select(row => row.Item).Distinct());
    }

    [Fact]
    public void A_move_between_regions_that_do_not_hear_each_other_waits_and_says_so()
    {
        var report = Play("--fault", "partition ap-south 12:00:05-12:00:40", "--migrate", "12:00:10 wiki:vi ap-south->eu-west");
        report.Passed.Should().BeTrue();
        var migration = report.Migrations.Should().ContainSingle().Which;
        migration.Waits.Should().Contain(wait => wait.Text.Contains("ap-south is cut off from every other region"));
        migration.Steps.Single(step => step.Step == MigrationStep.DualWrite).Time.TimeOfDay.Should().BeGreaterThan(new TimeSpan(12, 0, 40));
        // Two of three regions could not hear the only one that held it.
        migration.CutOffQueries.Should().BeInRange(migration.Queries / 3, migration.Queries * 2 / 3);
        migration.ShortQueries.Should().Be(0);
    }

    [Fact]
    public void The_next_move_of_a_tenant_begins_when_the_one_before_is_over()
    {
        var report = Play(
            "--fault", "partition ap-south 12:00:05-12:00:40", "--migrate", "12:00:10 wiki:vi ap-south->eu-west", "--migrate", "12:00:20 wiki:vi eu-west->us-east");
        report.Passed.Should().BeTrue();
        report.Migrations.Select(migration => migration.To).Should().Equal("eu-west", "us-east");
        report.Migrations[1].Began.Should().BeAfter(report.Migrations[0].Steps[^1].Time);
    }

    [Fact]
    public void Items_are_listed_whose_home_the_tenant_is_not_in() =>
        Play("--no-faults", "--migrate", "12:00:30 wiki:vi eu-west->us-east").Passed.Should().BeTrue();

    [Fact]
    public void A_move_that_has_not_begun_when_the_last_row_is_played_is_waited_for() =>
        Play("--no-faults", "--migrate", "12:00:59 wiki:vi ap-south->us-east").Migrations.Should().ContainSingle().Which.Passed.Should().BeTrue();

    [Fact]
    public void An_answer_may_lack_only_what_newer_items_have_taken_the_place_of()
    {
        MigrationQueries.LacksAnyOf(Wanted, Wanted).Should().BeFalse();
        MigrationQueries.LacksAnyOf(Wanted, [new RankedItem(new ItemId("vi:new"), 2_000), .. Wanted[..^1]]).Should().BeFalse();
        MigrationQueries.LacksAnyOf(Wanted, Wanted[..^1]).Should().BeTrue("there was room for it");
        MigrationQueries.LacksAnyOf(Wanted, [.. Wanted[..50], .. Wanted[51..], new RankedItem(new ItemId("vi:old"), 1)]).Should().BeTrue("an older one is there");
        MigrationQueries.LacksAnyOf([], []).Should().BeFalse();
    }

    private static ReplayReport Play(params string[] args)
    {
        var command = new ReplayCommand();
        var options = command.Read(TidalCommandLine.Parse(["replay", .. args], command));
        using var run = new ReplayRun(ReplayPlan.Of(options, Rows()), SilentObserver.Instance);
        return run.Run(CancellationToken.None);
    }

    // A minute of two editions: each second an edit in ap-south of one and one elsewhere of the other.
    private static List<SignalRow> Rows() => SignalTexts.Read(SignalTexts.File([.. Enumerable.Range(0, 120).Select(Row)]));

    private static string Row(int place) => place % 2 == 0
        ? $"{1442059200000 + place * 500},ap-south,AP,,vi,Trang {place % 50},ap-south,u{place % 7},edit,1"
        : $"{1442059200000 + place * 500},{(place % 4 == 1 ? "us-east" : "eu-west")},EU,,en,Page {place % 30},us-east,u{place % 5},edit,1";
}
