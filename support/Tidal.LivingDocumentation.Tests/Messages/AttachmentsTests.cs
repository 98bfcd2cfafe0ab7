using System.Text;
using Tidal.LivingDocumentation.Records;
using static Tidal.LivingDocumentation.Tests.Messages.MessageLines;

namespace Tidal.LivingDocumentation.Tests.Messages;

public sealed class AttachmentsTests
{
    private static readonly Picture Timeline = new("Timeline", "One crash.", "timeline", "<svg viewBox=\"0 0 9 9\"><rect class=\"b\"/></svg>", [new PictureEvent("1.000 s", "us-east/2", "the primary | crashes")]);

    [Fact]
    public void A_picture_is_attached_as_a_file_that_stands_alone_and_in_words()
    {
        var attachments = Of(SampleRun.Promoted.Showing(Timeline))["attachment"];

        (Text(attachments[0]["mediaType"]), Text(attachments[0]["contentEncoding"]), Text(attachments[0]["fileName"])).Should().Be(("image/svg+xml", "BASE64", "Timeline"));
        Encoding.UTF8.GetString(Convert.FromBase64String(Text(attachments[0]["body"])!)).Should().StartWith("<svg xmlns=\"http://www.w3.org/2000/svg\"").And.Contain("<style>").And.EndWith("<rect class=\"b\"/></svg>");
        Text(attachments[1]["body"]).Should().Be("""
            One crash.

            | when    | where     | what happened          |
            | ------- | --------- | ---------------------- |
            | 1.000 s | us-east/2 | the primary \| crashes |

            """);
    }

    [Fact]
    public void Tables_texts_figures_and_the_seed_are_attached()
    {
        var test = SampleRun.Promoted.Showing(new Table("Counts", "Equal.", ["item", "n"], [["a\nb", "3"]]), new PlainText("Plan", "Two steps.", "first\nthen"));
        test = test with { Scenario = test.Scenario! with { Figures = [new Figure(FigureKeys.Lag, "Lag", 1.25, "s", Comparison.Below, 2), new Figure(FigureKeys.Lost, "Lost", 1, "", Comparison.Exactly)] } };

        var attachments = Of(test)["attachment"];

        attachments.Select(attachment => (Text(attachment["fileName"]), Text(attachment["mediaType"]))).Should().Equal(
            ("Counts", "text/markdown"), ("Plan", "text/plain"), ("Figures", "text/markdown"), ("How to see it again", "text/plain"));
        Text(attachments[0]["body"]).Should().Be("Equal.\n\n| item   | n |\n| ------ | - |\n| a<br>b | 3 |\n");
        Text(attachments[1]["body"]).Should().Be("Two steps.\n\nfirst\nthen");
        Text(attachments[2]["body"]).Should().Contain("| Lag    | 1.25 s | below 2 s | yes  |").And.Contain("| Lost   | 1      | just 0    | no   |");
        Text(attachments[3]["body"]).Should().Be("Seed 719108, virtual time.\nTIDAL_SEED=719108 dotnet test");
    }

    [Fact]
    public void Evidence_is_attached_to_the_step_that_failed_or_else_to_the_last()
    {
        StepOf(SampleRun.Promoted).Should().Be(3);
        StepOf(SampleRun.Promoted.FailedIn(1, "Late.")).Should().Be(1);
        StepOf(SampleRun.Promoted with { Passed = false, Message = "Lost." }).Should().Be(4, "the audit failed");
        StepOf(SampleRun.Test("Without a step", [])).Should().Be(0, "there is nothing but the audit");
    }

    [Fact]
    public void Nothing_is_attached_that_readers_put_into_their_page_as_it_is()
    {
        Of(SampleRun.Promoted.Showing(Timeline, new PlainText("Log", "", SampleRun.Hostile)))["attachment"]
            .Select(attachment => Text(attachment["mediaType"])).Should().NotContain("text/x.cucumber.log+plain").And.NotContain("text/html");
    }

    private static int StepOf(TestRecord test)
    {
        var lines = Of(test);
        var steps = lines["testCase"].Single()["testSteps"]!.AsArray().Select(step => Text(step!["id"])).ToList();
        return steps.IndexOf(Text(lines["attachment"].Single()["testStepId"]));
    }
}
