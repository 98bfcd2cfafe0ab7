using System.Text;
using System.Text.Json.Nodes;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;
using static Tidal.LivingDocumentation.Tests.Messages.MessageLines;

namespace Tidal.LivingDocumentation.Tests.Messages;

/// <summary>The order of messages and what they refer to. That each has the protocol's shape is checked with its own schema, beside the browser tests.</summary>
public sealed class MessagesFileTests
{
    [Fact]
    public void A_run_begins_with_who_made_it_and_ends_with_how_it_ended()
    {
        var lines = Of(SampleRun.Promoted);

        lines.Kinds.Distinct().Should().Equal(
            "meta", "source", "gherkinDocument", "pickle", "stepDefinition", "hook", "testRunStarted", "testCase",
            "testCaseStarted", "testStepStarted", "testStepFinished", "attachment", "testCaseFinished", "testRunFinished");
        Text(lines["meta"].Single()["implementation"]!["name"]).Should().Be("the stand-in for Reqnroll");
        Text(lines["meta"].Single()["implementation"]!["version"]).Should().Be("3.3.3");
        lines["testRunFinished"].Single()["success"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public void Whatever_a_message_refers_to_has_been_said_before_it()
    {
        var lines = Of([SampleRun.Feature], SampleRun.Pass(SampleRun.Promoted, SampleRun.Row("us-east", "one")), SampleRun.Pass(SampleRun.Promoted));
        var known = new HashSet<string>();

        foreach (var (kind, message) in lines.All)
        {
            var own = Ids(message).ToList();
            own.Should().OnlyHaveUniqueItems().And.NotIntersectWith(known, "an id is given once");
            known.UnionWith(own);
            References(message).Should().BeSubsetOf(known, "a {0} refers to what is known", kind);
        }
        References(new JsonArray([.. lines.All.Select(line => line.Message.DeepClone())])).Should().HaveCountGreaterThan(80, "there is something to be found");
    }

    [Fact]
    public void A_test_s_steps_stand_between_its_beginning_and_its_end_in_the_order_of_their_times()
    {
        var lines = Of(SampleRun.Promoted, SampleRun.Row("us-east", "one"));
        var begun = lines.All.SkipWhile(line => line.Kind != "testCaseStarted").TakeWhile(line => line.Kind != "testRunFinished").ToList();

        begun.Take(10).Select(line => line.Kind).Should().Equal(
            "testCaseStarted", "testStepStarted", "testStepFinished", "testStepStarted", "testStepFinished", "testStepStarted", "testStepFinished",
            "testStepStarted", "attachment", "testStepFinished");
        begun.TakeWhile(line => line.Kind != "testCaseFinished").Append(begun[12]).Select(line => Time(line.Message["timestamp"]!)).Should().BeInAscendingOrder();
        Time(begun[0].Message["timestamp"]!).Should().Be(Seconds(SampleRun.Began) + 1);
        Time(begun[12].Message["timestamp"]!).Should().BeApproximately(Seconds(SampleRun.Began) + 1.3905, 1e-6);
    }

    [Fact]
    public void Tests_stand_in_the_order_in_which_they_began()
    {
        var later = SampleRun.Promoted with { Scenario = SampleRun.Promoted.Scenario! with { Began = SampleRun.Began.AddSeconds(9) } };

        var lines = Of(later, SampleRun.Row("eu-west", "$1"));

        lines["testCaseStarted"].Select(started => Time(started["timestamp"]!) - Seconds(SampleRun.Began)).Should().Equal(1, 9);
    }

    [Fact]
    public void The_same_records_give_the_same_bytes()
    {
        Of(SampleRun.Promoted, SampleRun.Row("us-east", "one")).Bytes.Should().Equal(Of(SampleRun.Promoted, SampleRun.Row("us-east", "one")).Bytes);
    }

    [Fact]
    public void Ids_stay_when_something_else_is_run()
    {
        var alone = Of(SampleRun.Promoted)["testCase"].Single().ToJsonString();

        Of(SampleRun.Row("us-east", "one"), SampleRun.Promoted)["testCase"].Select(test => test.ToJsonString()).Should().Contain(alone);
    }

    [Fact]
    public void An_example_that_did_not_run_is_told_and_has_no_test()
    {
        var lines = Of(SampleRun.Row("us-east", "one"));

        lines["pickle"].Should().HaveCount(4);
        lines["testCase"].Should().ContainSingle().Which["pickleId"]!.GetValue<string>().Should().Be(Text(lines["pickle"].Single(pickle => Text(pickle["name"]) == "us-east loses one replicas")["id"]));
    }

    [Fact]
    public void The_second_pass_has_documents_of_its_own_of_what_it_ran()
    {
        var other = FeatureReader.Read("features/other.feature", "", "Feature: Other\n  Scenario: Other\n    Given this\n");

        var lines = Of([SampleRun.Feature, other], SampleRun.Pass(SampleRun.Promoted), SampleRun.Pass(SampleRun.Promoted.FailedIn(1, "Too late.")));

        lines["source"].Select(source => Text(source["uri"])).Should().Equal(
            "features/failover/a-crash.feature", "features/other.feature", "features/failover/a-crash.feature (real time)");
        lines["testCaseStarted"].Select(started => Text(started["workerId"])).Should().Equal("main", "real-time");
        lines["testRunFinished"].Single()["success"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public void A_test_of_no_known_example_is_counted_in_the_end()
    {
        var lines = Of(SampleRun.Promoted, SampleRun.Test("Renamed since", []) with { Passed = false });

        Text(lines["testRunFinished"].Single()["message"]).Should().Be("Tests of examples that are in no feature file: 1.");
        lines["testRunFinished"].Single()["success"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public void Hostile_texts_stay_within_their_line_and_come_back_as_they_were()
    {
        var feature = FeatureReader.Read("features/a.feature", "failover", $"Feature: A shard primary crashes\n  Scenario: {Title}\n    Given a step\n");
        var test = SampleRun.Test(Title, [new StepRecord("a step", 1, "A.B")]).FailedIn(0, SampleRun.Hostile).Showing(new PlainText(SampleRun.Hostile, "", SampleRun.Hostile));

        var lines = Of([feature], SampleRun.Pass(test));

        Text(lines["pickle"].Single()["name"]).Should().Be(Title);
        // Half a character cannot be said in UTF-8.
        var said = SampleRun.Hostile.Replace('\uD800', '\uFFFD');
        Text(lines.Results[0]["message"]).Should().Be(said);
        Text(lines["attachment"][0]["fileName"]).Should().Be(said);
        Encoding.UTF8.GetString(lines.Bytes).Should().NotContainAny("<", ">", "\u2028", "\u0000");
    }

    // A title is a line of its own, and its ends are trimmed.
    private const string Title = "</script><script>alert(1)</script>&amp; \"quotes\" \u202Eright to left <b>";

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static double Time(JsonNode moment) => moment["seconds"]!.GetValue<long>() + moment["nanos"]!.GetValue<long>() / 1e9;

    private static IEnumerable<string> Ids(JsonNode message) => Named(message, name => name == "id");

    private static IEnumerable<string> References(JsonNode message) => Named(message, name => name.Length > 2 && (name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("Ids", StringComparison.Ordinal)) && name != "workerId");

    private static IEnumerable<string> Named(JsonNode? node, Func<string, bool> wanted) => node switch
    {
        JsonArray array => array.SelectMany(item => Named(item, wanted)),
        JsonObject all => all.SelectMany(property => wanted(property.Key) ? Values(property.Value!) : Named(property.Value, wanted)),
        _ => [],
    };

    private static IEnumerable<string> Values(JsonNode node) => node is JsonArray array ? array.Select(item => item!.GetValue<string>()) : [node.GetValue<string>()];
}
