using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Every error of a fault, a query and a half-life, as its reader sees it.</summary>
public sealed class OptionErrorTests
{
    private const string FaultForms = "partition REGION HH:MM-HH:MM or crash REGION/SHARD HH:MM.";
    private const string Regions = "us-east, eu-west or ap-south.";
    private const string TimeForms = "HH:MM or HH:MM:SS.";

    // The fault's place is marked with ‸ in the text; the rest of the rendering follows from it.
    public static TheoryData<string, string> Faults => new()
    {
        { "‸", "There is no fault here; expected " + FaultForms },
        { "‸flood us-east", "There is no fault 'flood'; expected " + FaultForms },
        { "partition‸", "There is no region here; expected " + Regions },
        { "partition ‸ap-sud 10:00-14:00", "There is no region 'ap-sud'; expected " + Regions },
        { "partition ap-south‸", "This is no time; expected " + TimeForms },
        { "partition ap-south ‸noon-14:00", "This is no time; expected " + TimeForms },
        { "partition ap-south ‸9:00-14:00", "This is no time; expected " + TimeForms },
        { "partition ap-south 10‸-14", "This is no time; expected " + TimeForms },
        { "partition ap-south 10:‸0-14:00", "This is no time; expected " + TimeForms },
        { "partition ap-south ‸25:00-26:00", "There is no 25 here; expected an hour from 00 to 23." },
        { "partition ap-south 10:‸60-14:00", "There is no 60 here; expected minutes from 00 to 59." },
        { "partition ap-south 10:00:‸99-14:00", "There is no 99 here; expected seconds from 00 to 59." },
        { "partition ap-south 10:00-‸24:01", "The day ends before that; expected a time from 00:00 to 24:00." },
        { "partition ap-south 10:00‸", "A partition needs an end; expected - and the time of its end, like -14:00." },
        { "partition ap-south 10:00-‸09:00", "The partition ends before it begins; expected a time later than 10:00:00." },
        { "partition ap-south 10:00-‸10:00", "The partition ends before it begins; expected a time later than 10:00:00." },
        { "partition ap-south 10:00-14:00 ‸twice", "'twice' is too much; expected nothing more." },
        { "crash ‸東京/2 12:00", "There is no region '東京'; expected " + Regions },
        { "crash us-east ‸12:00", "A crash needs a shard; expected / and a shard from 0 to 4, like us-east/2." },
        { "crash us-east/‸", "There is no shard here; expected a shard from 0 to 4." },
        { "crash us-east/‸5 12:00", "There is no shard '5'; expected a shard from 0 to 4." },
        { "crash us-east/‸-1 12:00", "There is no shard '-1'; expected a shard from 0 to 4." },
        { "crash us-east/2 12:00‸-13:00", "'-13:00' is too much; expected nothing more." },
    };

    public static TheoryData<string, string> Queries => new()
    {
        { "‸", "The query ends here; expected RETRIEVE or EXPLAIN." },
        { "12:00 us-east‸", "The query ends here; expected RETRIEVE or EXPLAIN." },
        { "12‸ RETRIEVE items", "This is no time; expected HH:MM or HH:MM:SS." },
        { "12:00 ‸eu RETRIEVE items", "There is no region 'eu'; expected " + Regions },
        { "12:00 eu-west ‸RETRIVE items", "Found 'RETRIVE' (did you mean RETRIEVE?); expected RETRIEVE or EXPLAIN." },
        { "12:00 eu-west RETRIEVE items COHORT ‸locale", "Found 'locale'; expected attribute:value, like locale:EU." },
        { "12:00 eu-west RETRIEVE items COHORT ‸country:DE", "There is no cohort attribute 'country'; expected locale." },
        { "12:00 EXPLAIN RETRIEVE items ‸CURSOR abc", "The cursor is damaged; expected a cursor as an earlier answer gave it." },
        { "RETRIEVE items FILTER ‸unseen", "FILTER unseen is used without FOR USER; expected FOR USER @id, to say by whom." },
    };

    public static TheoryData<string, string> Migrations => new()
    {
        { "‸", "There is no migration here; expected HH:MM wiki:xx REGION->REGION." },
        { "‸noon wiki:vi ap-south->eu-west", "This is no time; expected " + TimeForms },
        { "12:‸61 wiki:vi ap-south->eu-west", "There is no 61 here; expected minutes from 00 to 59." },
        { "12:00‸", "There is no tenant here; expected wiki: and a language edition, like wiki:vi." },
        { "12:00 ‸vi ap-south->eu-west", "'vi' is no tenant; expected wiki: and a language edition, like wiki:vi." },
        { "12:00 wiki:‸ ap-south->eu-west", "There is no language edition here; expected one of the day's, like vi." },
        { "12:00 wiki:vi‸", "There is no region here; expected " + Regions },
        { "12:00 wiki:vi ‸ap-sud->eu-west", "There is no region 'ap-sud'; expected " + Regions },
        { "12:00 wiki:vi ap-south‸", "A migration needs a target; expected -> and the region to move to, like ap-south->us-east." },
        { "12:00 wiki:vi ap-south ‸eu-west", "A migration needs a target; expected -> and the region to move to, like ap-south->us-east." },
        { "12:00 wiki:vi ‸->eu-west", "There is no region here; expected " + Regions },
        { "12:00 wiki:vi ap-south->‸", "There is no region here; expected " + Regions },
        { "12:00 wiki:vi ap-south -> ‸ap-south", "The tenant is there already; expected us-east or eu-west." },
        { "12:00 wiki:vi ap-south->eu-west ‸now", "'now' is too much; expected nothing more." },
    };

    // Those that only the day and each other show to be wrong. The last one is.
    public static TheoryData<string[], string> MigrationsOfDay => new()
    {
        { ["‸00:10 wiki:en us-east->eu-west"], "No row is played at that time; expected a time while there are rows, 00:49:12 to 23:59:59." },
        { ["‸24:00 wiki:en us-east->eu-west"], "No row is played at that time; expected a time while there are rows, 00:49:12 to 23:59:59." },
        { ["12:00 wiki:‸vi ap-south->eu-west"], "The day has no edition 'vi'; expected en or fr." },
        { ["12:00 wiki:en us-east->eu-west", "‸12:00:00 wiki:en eu-west->us-east"], "The tenant moves at that time already; expected another time." },
        { ["12:00 wiki:en us-east->eu-west", "13:00 wiki:en ‸us-east->ap-south"], "The move before it takes it to eu-west; expected eu-west." },
        { ["13:00 wiki:en us-east->eu-west", "12:00 wiki:fr us-east->eu-west", "11:00 wiki:en ap-south->us-east", "14:00 wiki:en ‸us-east->eu-west"], "The move before it takes it to eu-west; expected eu-west." },
    };

    [Theory]
    [MemberData(nameof(Migrations))]
    public void A_wrong_migration_is_refused_with_a_caret_under_it(string marked, string message) =>
        Check(marked, message, "--migrate", MigrationSpec.Parse);

    [Theory]
    [MemberData(nameof(MigrationsOfDay))]
    public void A_migration_that_does_not_fit_the_day_or_another_one_is_refused(string[] marked, string message) =>
        Check(marked[^1], message, "--migrate", last => PlanOf([.. marked[..^1], last], []));

    [Fact]
    public void A_plan_is_not_asked_of_many_tenants() => Check(
        "12:00 ‸EXPLAIN RETRIEVE items", "Each tenant has a plan of its own; expected a query without EXPLAIN, or no --migrate.", "--query", PlanOfTenantsAsking);

    [Fact]
    public async Task A_page_behind_another_is_not_asked_of_many_tenants()
    {
        var token = await CursorAsync();
        Check(
            $"eu-west RETRIEVE items ‸CURSOR {token}",
            "A cursor goes on with the answer of one tenant; expected a query without CURSOR, or no --migrate.", "--query", PlanOfTenantsAsking);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_fault_is_refused_with_a_caret_under_it(string marked, string message) =>
        Check(marked, message, "--fault", FaultSpec.Parse);

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_wrong_query_is_refused_with_a_caret_under_it(string marked, string message) =>
        Check(marked, message, "--query", QuerySpec.Parse);

    [Fact]
    public void An_error_on_a_later_line_of_a_query_says_which() =>
        FluentActions.Invoking(() => QuerySpec.Parse("12:00 RETRIEVE items\nLIMIT x")).Should().Throw<OptionException>().WithMessage(
            "--query: Line 2: Found 'x'; expected a whole number from 1 to 1,000.\nLIMIT x\n      ^");

    [Theory]
    [InlineData("", "'' is not a length of time; expected a whole number and a unit (d, h, m or s), like 6h or 90m.")]
    [InlineData("6", "'6' is not a length of time; expected a whole number and a unit (d, h, m or s), like 6h or 90m.")]
    [InlineData("-6h", "'-6h' is not a length of time; expected a whole number and a unit (d, h, m or s), like 6h or 90m.")]
    [InlineData("9s", "9s is out of bounds; expected 10 s to 3,650 days.")]
    [InlineData("3651d", "3651d is out of bounds; expected 10 s to 3,650 days.")]
    [InlineData("9223372036854775807d", "9223372036854775807d is out of bounds; expected 10 s to 3,650 days.")]
    public void A_wrong_half_life_is_refused(string text, string message) =>
        FluentActions.Invoking(() => HalfLife.Parse(text)).Should().Throw<OptionException>().WithMessage("--half-life: " + message);

    private static async Task<string> CursorAsync()
    {
        await using var db = TidalDb.Open(ReplayCluster.Schema(ReplayCluster.DefaultHalfLife));
        foreach (var item in (string[])["a", "b"])
        {
            await db.PutItemAsync(item);
            await db.SignalAsync("u", "edit", item);
        }
        return (await db.RetrieveAsync("RETRIEVE items LIMIT 1")).NextCursor!;
    }

    private static ReplayPlan PlanOfTenantsAsking(string query) => PlanOf(["12:00 wiki:en us-east->eu-west"], [query]);

    private static ReplayPlan PlanOf(string[] migrations, string[] queries)
    {
        var command = new ReplayCommand();
        string[] args = ["replay", .. migrations.SelectMany(text => new[] { "--migrate", text }), .. queries.SelectMany(text => new[] { "--query", text })];
        return ReplayPlan.Of(command.Read(TidalCommandLine.Parse(args, command)), SignalTexts.Read(SignalTexts.File(SignalTexts.Row, SignalTexts.LastRow)));
    }

    private static void Check(string marked, string message, string option, Func<string, object> parse)
    {
        var caret = marked.IndexOf('‸', StringComparison.Ordinal);
        var text = marked.Remove(caret, 1);
        FluentActions.Invoking(() => parse(text)).Should().Throw<OptionException>()
            .Which.Message.Should().Be($"{option}: {message}\n{text}\n{new string(' ', caret)}^");
    }
}
