using System.Globalization;
using Tidal.ReqnrollStandIn.Running;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>What a step gets as its arguments.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("Given the number 42", "Int32 42")]
    [InlineData("Given the long 12345678901", "Int64 12345678901")]
    [InlineData("Given the fraction 0.125", "Double 0.125")]
    [InlineData("Given the day Friday", "DayOfWeek Friday")]
    [InlineData("Given the day \"fri day\"", "DayOfWeek Friday")]
    [InlineData("Given the region us-east", "Region us-east")]
    [InlineData("Given within 3 seconds", "TimeSpan 00:00:03")]
    [InlineData("Given a typed 2 minutes", "TimeSpan 00:02:00")]
    [InlineData("Given the shard 3 of us-east", "Shard us-east/3")]
    public async Task Texts_become_what_the_parameter_asks_for(string step, string expected)
    {
        var journal = Journal.Begin();
        (await RunAsync(step)).Error.Should().BeNull();
        journal.Should().Equal(expected);
    }

    [Fact]
    public async Task A_named_type_takes_its_own_texts_only() =>
        (await RunAsync("Given the region somewhere")).Error.Should().BeOfType<MissingStepDefinitionException>();

    [Fact]
    public async Task A_table_is_read_by_columns_and_rows()
    {
        var journal = Journal.Begin();
        var result = await RunAsync(
            """
            Given the table
              | region  | count |
              | us-east | 3     |
              | eu-west |       |
            """);
        result.Error.Should().BeNull();
        journal.Should().Equal("region,count", "2", "us-east 3", "eu-west ", "True False");
    }

    [Fact]
    public async Task A_missing_column_is_named()
    {
        var result = await RunAsync("Given the table\n      | other |\n      | 1     |");
        result.Error.Should().BeOfType<IndexOutOfRangeException>().Which.Message.Should().Contain("'region'").And.Contain("| other |");
    }

    [Fact]
    public async Task A_table_is_transformed_into_rows_of_a_type()
    {
        var journal = Journal.Begin();
        (await RunAsync("Given the counts\n      | region  | count |\n      | us-east | 3 |")).Error.Should().BeNull();
        journal.Should().Equal("us-east=3");
    }

    [Fact]
    public async Task A_doc_string_comes_last()
    {
        var journal = Journal.Begin();
        (await RunAsync("Given the query for 7\n      \"\"\"\n      RETRIEVE items\n        LIMIT 10\n      \"\"\"")).Error.Should().BeNull();
        journal.Should().Equal("7: RETRIEVE items\n  LIMIT 10");
    }

    [Theory]
    [InlineData(typeof(ReturnsText), "*type of its own*")]
    [InlineData(typeof(TooFewGroups), "*as many arguments as*")]
    [InlineData(typeof(TwoTypesOfOneName), "Two types*'thing'*")]
    [InlineData(typeof(BuiltInName), "*'int' is built in*")]
    public async Task Transformations_that_would_surprise_are_refused(Type bindings, string message)
    {
        var running = () => StandInRunner.RunAsync("Feature: Any", bindings);
        await running.Should().ThrowAsync<BindingException>().WithMessage(message);
    }

    private static async Task<ScenarioResult> RunAsync(string step) =>
        (await StandInRunner.RunAsync($"Feature: Arguments\n  Scenario: One\n    {step}", typeof(Steps))).Single();

    private sealed record Region(string Name);

    private sealed record Shard(Region Region, int Number);

    private sealed record RegionCount(string Region, int Count);

    [Binding]
    private sealed class Steps
    {
        [StepArgumentTransformation("(us-east|eu-west)", Name = "region")]
        public static Region ToRegion(string name) => new(name);

        [StepArgumentTransformation(@"(\d+) of (us-east|eu-west)", Name = "shard")]
        public static Task<Shard> ToShard(int number, Region region) => Task.FromResult(new Shard(region, number));

        [StepArgumentTransformation(@"(\d+) (seconds|minutes)", Name = "duration")]
        public static TimeSpan ToDuration(int number, string unit) =>
            unit == "seconds" ? TimeSpan.FromSeconds(number) : TimeSpan.FromMinutes(number);

        [StepArgumentTransformation]
        public static IReadOnlyList<RegionCount> ToCounts(DataTable table) =>
            [.. table.Rows.Select(row => new RegionCount(row["region"], int.Parse(row["count"], CultureInfo.InvariantCulture)))];

        [Given("the number {int}")]
        public void Number(int value) => Note(value);

        [Given("the long {long}")]
        public void Long(long value) => Note(value);

        [Given("the fraction {double}")]
        public void Fraction(double value) => Note(value);

        [Given("the day {word}"), Given("the day {string}")]
        public void Day(DayOfWeek value) => Note(value);

        [Given("the region {region}")]
        public void InRegion(Region region) => Journal.Note($"Region {region.Name}");

        [Given("the shard {shard}")]
        public void OfShard(Shard shard) => Journal.Note($"Shard {shard.Region.Name}/{shard.Number}");

        [Given("within {duration}")]
        public void Within(TimeSpan value) => Note(value);

        [Given("^a typed (.*)$")]
        public void Typed(TimeSpan value) => Note(value);

        [Given("the table")]
        public void Table(DataTable table)
        {
            Journal.Note(string.Join(',', table.Header));
            Journal.Note($"{table.RowCount}");
            foreach (var row in table.Rows)
                Journal.Note($"{row["region"]} {row["count"]}");
            Journal.Note($"{table.ContainsColumn("count")} {table.Rows[0].ContainsKey("Count")}");
        }

        [Given("the counts")]
        public void Counts(IReadOnlyList<RegionCount> counts) => Journal.Note($"{counts[0].Region}={counts[0].Count}");

        [Given("the query for {int}")]
        public void Query(int user, string text) => Journal.Note($"{user}: {text.ReplaceLineEndings("\n")}");

        private static void Note(IFormattable value) =>
            Journal.Note($"{value.GetType().Name} {value.ToString(null, CultureInfo.InvariantCulture)}");
    }

    [Binding]
    private sealed class ReturnsText
    {
        [StepArgumentTransformation]
        public static string Same(string text) => text;
    }

    [Binding]
    private sealed class TooFewGroups
    {
        [StepArgumentTransformation("us-east|eu-west", Name = "region")]
        public static Region ToRegion(string name) => new(name);
    }

    [Binding]
    private sealed class TwoTypesOfOneName
    {
        [StepArgumentTransformation(Name = "thing")]
        public static Region ToRegion(string name) => new(name);

        [StepArgumentTransformation(Name = "thing")]
        public static Shard ToShard(string name) => new(new Region(name), 0);
    }

    [Binding]
    private sealed class BuiltInName
    {
        [StepArgumentTransformation(Name = "int")]
        public static Region ToRegion(string name) => new(name);
    }
}
