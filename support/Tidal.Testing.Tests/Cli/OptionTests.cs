using Tidal.Cli;
using Tidal.Query;

namespace Tidal.Testing.Tests.Cli;

/// <summary>What options mean.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("partition ap-south 10:00-14:00", 36_000, 50_400)]
    [InlineData("  Partition  ap-south 10:00:30 - 24:00 ", 36_030, 86_400)]
    [InlineData("PARTITION ap-south 00:00-00:00:01", 0, 1)]
    public void A_partition_has_a_region_a_beginning_and_an_end(string text, int from, int to) =>
        FaultSpec.Parse(text).Should().BeOfType<PartitionSpec>().Which.Should().Match<PartitionSpec>(fault =>
            fault.Text == text && fault.Region == "ap-south" && fault.From == TimeSpan.FromSeconds(from) && fault.To == TimeSpan.FromSeconds(to));

    [Fact]
    public void A_crash_has_a_shard_and_a_time() =>
        FaultSpec.Parse("crash us-east/2 12:00").Should().BeOfType<CrashSpec>().Which.Should().Match<CrashSpec>(fault =>
            fault.Region == "us-east" && fault.Shard == 2 && fault.From == TimeSpan.FromHours(12));

    [Theory]
    [InlineData("RETRIEVE items LIMIT 5", "us-east", null)]
    [InlineData("eu-west RETRIEVE items LIMIT 5", "eu-west", null)]
    [InlineData("12:00 retrieve items LIMIT 5", "us-east", 43_200)]
    [InlineData(" 12:00:01 ap-south RETRIEVE items LIMIT 5 ", "ap-south", 43_201)]
    public void A_query_may_have_a_time_and_a_region(string text, string region, int? seconds)
    {
        var query = QuerySpec.Parse(text);
        (query.Region, query.At).Should().Be((region, seconds is { } at ? TimeSpan.FromSeconds(at) : null));
        query.Query.Should().Be(RetrieveParser.Parse("RETRIEVE items LIMIT 5"));
        query.Text.Should().BeEquivalentTo("RETRIEVE items LIMIT 5");
    }

    [Theory]
    [InlineData("12:00 wiki:vi ap-south->eu-west", 43_200)]
    [InlineData("  12:00:30  wiki:vi  ap-south -> eu-west ", 43_230)]
    public void A_migration_has_a_time_a_tenant_a_source_and_a_target(string text, int seconds) =>
        MigrationSpec.Parse(text).Should().Match<MigrationSpec>(migration =>
            migration.Text == text && migration.At == TimeSpan.FromSeconds(seconds) && migration.Edition == "vi" && migration.Tenant == "wiki:vi"
            && migration.From == "ap-south" && migration.To == "eu-west");

    [Fact]
    public void Migrations_are_played_in_order_of_time_and_may_lead_back()
    {
        var options = Read("--migrate", "14:00 wiki:en eu-west->us-east", "--migrate", "12:00 wiki:en us-east->eu-west", "--migrate", "13:00 wiki:fr us-east->eu-west");
        var plan = ReplayPlan.Of(options, SignalTexts.Read(SignalTexts.File(SignalTexts.Row, SignalTexts.LastRow)));
        plan.Migrations.Select(migration => migration.At.TotalHours).Should().Equal(12, 13, 14);
    }

    [Theory]
    [InlineData("1d", 86_400)]
    [InlineData("6h", 21_600)]
    [InlineData("90m", 5_400)]
    [InlineData("45s", 45)]
    public void A_half_life_is_a_number_and_a_unit(string text, int seconds) => HalfLife.Parse(text).Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Nothing_given_means_the_default_day()
    {
        var options = Read();
        options.Should().BeEquivalentTo(new { File = SignalDay.DefaultFile, HalfLife = TimeSpan.FromHours(6), Seed = 1UL, Json = false });
        options.Faults.Select(fault => fault.Text).Should().Equal("partition ap-south 10:00-14:00", "crash us-east/2 12:00");
        options.Queries.Should().BeEmpty();
    }

    [Fact]
    public void Faults_given_replace_the_default_pair() =>
        Read("--fault", "crash eu-west/0 01:00", "day.csv", "--fault", "crash eu-west/1 02:00").Should().Match<ReplayOptions>(options =>
            options.File == "day.csv" && string.Join("; ", options.Faults.Select(fault => fault.Text)) == "crash eu-west/0 01:00; crash eu-west/1 02:00");

    [Fact]
    public void Faults_can_be_turned_off() => Read("--no-faults").Faults.Should().BeEmpty();

    [Fact]
    public void Default_faults_that_miss_the_rows_are_left_out()
    {
        var rows = SignalTexts.Read(SignalTexts.File(SignalTexts.Row));
        ReplayPlan.Of(Read(), rows).Faults.Should().BeEmpty();
        var given = () => ReplayPlan.Of(Read("--fault", "crash us-east/2 12:00"), rows);
        given.Should().Throw<OptionException>().WithMessage(
            "--fault: No row is played at that time; expected a time while there are rows, 00:49:12 to 00:49:12.\ncrash us-east/2 12:00\n                ^");
    }

    [Fact]
    public void A_plan_knows_the_times_of_its_day()
    {
        var plan = ReplayPlan.Of(Read("--query", "23:59:59 RETRIEVE items"), SignalTexts.Read(SignalTexts.File(SignalTexts.Row, SignalTexts.LastRow)));
        plan.At(TimeSpan.FromHours(12)).Should().Be(new DateTimeOffset(2015, 9, 12, 12, 0, 0, TimeSpan.Zero));
        (plan.Start.ToUnixTimeMilliseconds(), plan.End.ToUnixTimeMilliseconds()).Should().Be((1442018952942, 1442102399200));
        plan.Faults.Should().HaveCount(2);
    }

    private static ReplayOptions Read(params string[] args)
    {
        var command = new ReplayCommand();
        return command.Read(TidalCommandLine.Parse(["replay", .. args], command));
    }
}
