using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Tidal.LivingDocumentation.TestLogger;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>From what the test runner tells to the files, and to the one line that says where they are.</summary>
public sealed class LoggerTests : IDisposable
{
    private readonly CheckoutFolder _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void A_whole_run_leaves_a_document_and_says_where_it_is()
    {
        var said = Run([RunnerEvents.ResultOf("S", output: _checkout.Record()), RunnerEvents.ResultOf("T", TestOutcome.Skipped)]);
        said.Should().Be($"Living document: {UriOf("index.html")}");
        File.Exists(Path.Combine(_checkout.Living, "index.html")).Should().BeTrue();
        var pass = _checkout.Pass();
        (pass.Filter, pass.Commit).Should().Be((null, ""));
        pass.Machine.Should().Contain(" cores, ").And.Contain(" GiB, ").And.Contain(".NET 10");
        var test = pass.Tests.Should().ContainSingle("what was skipped did not run").Which;
        (test.Feature, test.DisplayName, test.Passed, test.Milliseconds, test.Scenario!.Seed).Should().Be(("F", "S", true, 7, 42UL));
    }

    [Theory]
    [InlineData(1, "Living document, 1 scenario failed: ")]
    [InlineData(2, "Living document, 2 scenarios failed: ")]
    public void It_says_so_too_when_scenarios_fail(int failed, string said) =>
        Run([.. Enumerable.Range(0, failed).Select(number => RunnerEvents.ResultOf($"S{number}", TestOutcome.Failed, message: "no"))]).Should().StartWith(said);

    [Fact]
    public void A_filtered_run_leaves_the_whole_document_alone()
    {
        Run([RunnerEvents.ResultOf("S"), RunnerEvents.ResultOf("T")]);
        var before = Directory.GetFiles(_checkout.Living, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        var said = Run([RunnerEvents.ResultOf("S", TestOutcome.Failed, message: "no")], "Category=uat");
        said.Should().Be($"Living document of this part of the features, 1 scenario failed: {UriOf("filtered/index.html")}; that of the last whole run stays as it was");
        before.Keys.Where(file => Path.GetFileName(file) != "lock").Should().OnlyContain(file => File.GetLastWriteTimeUtc(file) == before[file]);
    }

    [Fact]
    public void A_run_of_tests_that_were_picked_or_that_was_stopped_is_not_whole_either()
    {
        Run([RunnerEvents.ResultOf("S")], isPicked: true).Should().Be($"Living document of this part of the features: {UriOf("filtered/index.html")}");
        Run([RunnerEvents.ResultOf("S")], isCancelled: true).Should().Contain("filtered");
        File.Exists(Path.Combine(_checkout.Living, "index.html")).Should().BeFalse();
    }

    [Fact]
    public void The_second_pass_is_kept_beside_the_first_and_joins_its_document()
    {
        Run([RunnerEvents.ResultOf("S")]);
        var said = Run([RunnerEvents.ResultOf("S")], "Category=uat", "real-time");
        said.Should().Be($"Living document, with the pass in real time: {UriOf("index.html")}");
        _checkout.Pass().Filter.Should().BeNull();
        _checkout.Pass("real-time").Filter.Should().Be("Category=uat");
    }

    [Theory]
    [InlineData(null, "index.html")]
    [InlineData("Category=uat", "filtered/index.html")]
    public void Who_runs_a_pass_in_a_process_of_its_own_says_where_its_document_is(string? filter, string file)
    {
        var (events, output) = (new RunnerEvents(), new StringWriter());
        new LivingDocumentationPlaceLogger(output, _checkout.Root).Initialize(events, "");
        events.Start();
        Run([RunnerEvents.ResultOf("S")], filter);
        events.Complete();
        output.ToString().Should().Be($"Living document: {UriOf(file)}{Environment.NewLine}");
        events.Start();
        events.Complete();
        output.ToString().Split("Living").Should().HaveCount(2, "of a document that was there before there is nothing to say");
    }

    [Fact]
    public void A_filter_that_fits_nothing_here_says_and_writes_nothing()
    {
        Run([], "DisplayName~elsewhere").Should().BeEmpty();
        Directory.Exists(Path.Combine(_checkout.Living, "filtered")).Should().BeFalse();
    }

    [Fact]
    public void A_document_that_cannot_be_written_is_said_in_a_line_and_fails_nothing()
    {
        _checkout.Write("features/looking/f.feature", "What is this?\n");
        var said = Run([RunnerEvents.ResultOf("S")]);
        said.Should().StartWith("The living document could not be written: ").And.Contain("f.feature").And.NotContain("\n");
    }

    [Fact]
    public void What_goes_wrong_with_every_result_is_said_once()
    {
        var broken = RunnerEvents.ResultOf("S");
        broken.Messages.Add(null!);
        Run([broken, broken]).Should().Be("The living document could not be written: NullReferenceException: Object reference not set to an instance of an object.");
    }

    [Fact]
    public void What_is_said_is_one_line() => Announcement.OneLine("a\nb\r\nc").Should().Be("a b c");

    [Fact]
    public void An_unknown_pass_is_said_in_a_line_and_fails_nothing() =>
        Run([RunnerEvents.ResultOf("S")], pass: "third").Should().StartWith("The living document could not be written: ").And.Contain("third");

    private string UriOf(string file) => new Uri(Path.Combine(_checkout.Living, file)).AbsoluteUri;

    // This process is no test runner and has no TRX logger: that is said first, and is no concern of the document.
    private string Run(TestResult[] results, string? filter = null, string pass = "main", bool isPicked = false, bool isCancelled = false)
    {
        var (events, output) = (new RunnerEvents(), new StringWriter());
        new LivingDocumentationLogger(output, _checkout.Root).Initialize(events, new Dictionary<string, string?> { ["pass"] = pass });
        events.Start(filter, isPicked);
        events.Say("anything");
        foreach (var result in results)
            events.Result(result);
        events.Complete(isCancelled);
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().StartWith("The TRX file beside the living document could not be written: ");
        return string.Join('\n', lines.Skip(1));
    }
}
