using Tidal.LivingDocumentation.Records;
using static Tidal.LivingDocumentation.Tests.Messages.MessageLines;

namespace Tidal.LivingDocumentation.Tests.Messages;

/// <summary>How the steps of a test ended: four of an example, and the audit.</summary>
public sealed class StepResultsTests
{
    [Fact]
    public void All_steps_of_a_test_that_passed_have_passed_with_their_times()
    {
        var lines = Of(SampleRun.Promoted);

        lines.Statuses.Should().Be("PASSED PASSED PASSED PASSED PASSED");
        lines.Results[2]["duration"]!.ToJsonString().Should().Be("""{"seconds":0,"nanos":300250000}""");
    }

    [Fact]
    public void Steps_behind_a_failed_one_are_skipped()
    {
        var lines = Of(SampleRun.Promoted.FailedIn(1, "Xunit.Sdk.XunitException: Expected 3.\nBut 4."));

        lines.Statuses.Should().Be("PASSED FAILED SKIPPED SKIPPED SKIPPED");
        Text(lines.Results[1]["message"]).Should().Be("Xunit.Sdk.XunitException: Expected 3.\nBut 4.");
        lines.Results[1]["exception"]!.ToJsonString().Should().Be("""{"type":"Xunit.Sdk.XunitException","message":"Expected 3.\nBut 4."}""");
    }

    [Theory]
    [InlineData("Expected: 3, but was: 4", "Error", null)]
    [InlineData("TimeoutException : late", "TimeoutException", null)]
    [InlineData("A.B+C: late\n   at A.B.D()", "A.B+C", "A.B+C: late\n   at A.B.D()")]
    public void An_error_s_type_and_stack_are_told_where_it_has_them(string error, string type, string? stack)
    {
        var failure = Of(SampleRun.Promoted.FailedIn(1, error)).Results[1]["exception"]!;

        Text(failure["type"]).Should().Be(type);
        Text(failure["stackTrace"]).Should().Be(stack);
    }

    [Fact]
    public void A_step_without_a_definition_is_undefined()
    {
        var stopped = SampleRun.Promoted with { Passed = false, Message = "No matching step definition found for one or more steps.", Scenario = SampleRun.Promoted.Scenario! with { Steps = [.. SampleRun.Promoted.Scenario.Steps.Take(2)] } };

        var lines = Of(stopped);

        lines.Statuses.Should().Be("PASSED PASSED UNDEFINED SKIPPED SKIPPED");
        lines.Results[2]["exception"].Should().BeNull();
        lines["testCase"].Single()["testSteps"]![2]!["stepDefinitionIds"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public void What_the_audit_finds_fails_the_audit()
    {
        var lines = Of(SampleRun.Promoted with { Passed = false, Message = "1 signal is lost." });

        lines.Statuses.Should().Be("PASSED PASSED PASSED PASSED FAILED");
        Text(lines.Results[4]["message"]).Should().Be("1 signal is lost.");
    }

    [Fact]
    public void What_fails_before_the_first_step_is_no_step_s_failure()
    {
        Of(SampleRun.Promoted with { Passed = false, Message = "No seed.", Scenario = SampleRun.Promoted.Scenario! with { Steps = [] } })
            .Statuses.Should().Be("SKIPPED SKIPPED SKIPPED SKIPPED FAILED");
    }

    [Fact]
    public void Nobody_knows_of_the_steps_of_a_test_that_ended_without_a_record()
    {
        var lines = Of(SampleRun.Promoted with { Passed = false, Scenario = null, Message = "The process died." });

        lines.Statuses.Should().Be("UNKNOWN UNKNOWN UNKNOWN UNKNOWN FAILED");
        Text(lines.Results[4]["message"]).Should().Be("The process died.");
        lines["attachment"].Should().BeEmpty();
    }

    [Fact]
    public void A_row_without_a_record_is_known_by_its_test_s_name()
    {
        var lines = Of(SampleRun.Row("eu-west", "$1") with { Scenario = null, DisplayName = "<region> loses <what> replicas(region: \"eu-west\", what: \"$1\", exampleTags: [])" });

        Text(lines["testCase"].Single()["pickleId"]).Should().Be(Text(lines["pickle"].Single(pickle => Text(pickle["name"]) == "eu-west loses $1 replicas")["id"]));
    }

    [Fact]
    public void Rows_of_the_same_values_each_have_their_own_test()
    {
        var text = "Feature: A shard primary crashes\n  Scenario Outline: Of <n>\n    Given <n>\n    Examples:\n      | n |\n      | 1 |\n      | 1 |\n";
        var feature = Report.Features.FeatureReader.Read("features/a.feature", "failover", text);
        var row = SampleRun.Test("Of <n>", [new StepRecord("1", 1, null)], new NamedValue("n", "1"));

        var lines = Of([feature], SampleRun.Pass(row, row.FailedIn(0, "No.")));

        lines.Statuses.Should().Be("PASSED PASSED FAILED SKIPPED");
        lines["testCase"].Select(test => Text(test["pickleId"])).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_runner_has_the_last_word_on_a_test_that_passed()
    {
        Of(SampleRun.Promoted.FailedIn(1, "Late.") with { Passed = true }).Statuses.Should().Be("PASSED PASSED PASSED PASSED PASSED");
    }

    [Fact]
    public void A_step_names_the_definition_it_ran_by_its_keyword()
    {
        var lines = Of(SampleRun.Promoted);
        var then = lines["stepDefinition"][3];

        lines["testCase"].Single()["testSteps"]![2]!["stepDefinitionIds"]!.AsArray().Select(Text).Should().Equal(Text(then["id"]));
        then["pattern"]!.ToJsonString().Should().Be("""{"source":"^a follower is the primary$","type":"REGULAR_EXPRESSION"}""");
        then["sourceReference"]!["javaMethod"]!.ToJsonString().Should().Be("""{"className":"FailoverSteps","methodName":"Promoted","methodParameterTypes":[]}""");
        Text(lines["stepDefinition"][0]["pattern"]!["type"]).Should().Be("CUCUMBER_EXPRESSION");
    }
}
