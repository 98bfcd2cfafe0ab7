using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.TestLogger;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>What is taken over of results, and what of the records that their outputs name.</summary>
public sealed class PassCollectorTests : IDisposable
{
    private readonly CheckoutFolder _checkout = new();
    private readonly PassCollector _pass;

    public PassCollectorTests() => _pass = new PassCollector(_checkout.Root, null, DateTimeOffset.UnixEpoch);

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void The_runner_has_the_last_word()
    {
        var test = Added(RunnerEvents.ResultOf("S", TestOutcome.Failed, _checkout.Record(), "what was left behind could not be cleared"));
        (test.Passed, test.Message, test.Scenario!.Error).Should().Be((false, "what was left behind could not be cleared", null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Record: ")]
    [InlineData("Record: \0")]
    [InlineData("Record: /etc/passwd")]
    [InlineData("Record: <script>alert(1)</script>")]
    [InlineData("no Record: in the middle")]
    public void Without_a_record_that_can_be_read_the_runners_word_stands_alone(string output)
    {
        var test = Added(RunnerEvents.ResultOf("S", TestOutcome.Failed, output, "no"));
        (test.Passed, test.Message, test.Scenario).Should().Be((false, "no", null));
    }

    [Fact]
    public void A_record_elsewhere_or_of_another_feature_or_that_is_none_is_not_taken()
    {
        var elsewhere = _checkout.Record(folder: "../elsewhere");
        Added(RunnerEvents.ResultOf("S", output: elsewhere)).Scenario.Should().BeNull();
        Added(RunnerEvents.ResultOf("S", output: _checkout.Record(feature: "Another"))).Scenario.Should().BeNull();
        var broken = Path.Combine(RecordFiles.RecordsBelow(_checkout.Root), "run", "broken.json");
        File.WriteAllText(broken, "{ \"feature\": ");
        Added(RunnerEvents.ResultOf("S", output: RecordFiles.Announcement + broken)).Scenario.Should().BeNull();
    }

    [Fact]
    public void The_last_line_that_names_a_record_counts() =>
        Added(RunnerEvents.ResultOf("S", output: "a step says\nRecord: /etc/passwd\n" + _checkout.Record())).Scenario!.Title.Should().Be("S");

    [Fact]
    public void The_step_definitions_lie_beside_the_records()
    {
        var definition = new DefinitionRecord("When", "{word} <looks>", "Steps.Looks");
        RecordFiles.Write(Path.Combine(RecordFiles.RecordsBelow(_checkout.Root), "run", RecordFiles.Definitions), new[] { definition });
        Added(RunnerEvents.ResultOf("S", output: _checkout.Record()));
        _pass.ToRecord(DateTimeOffset.UnixEpoch, isCancelled: false).Definitions.Should().Equal(definition);
    }

    [Fact]
    public void Long_messages_are_cut_and_hostile_ones_kept_as_they_are()
    {
        Added(RunnerEvents.ResultOf("S", TestOutcome.Failed, message: new string('x', 1_000_000))).Message!.Length.Should().BeLessThan(PassCollector.MessageCharactersMost + 10);
        Added(RunnerEvents.ResultOf("</script>\u202e", TestOutcome.Failed, message: "<b>&\"")).Should().BeEquivalentTo(new { DisplayName = "</script>\u202e", Message = "<b>&\"" });
    }

    [Fact]
    public void More_tests_than_any_suite_has_are_not_kept()
    {
        var result = RunnerEvents.ResultOf("S");
        for (var number = 0; number <= PassCollector.TestsMost; number++)
            _pass.Add(result);
        _pass.Count.Should().Be(PassCollector.TestsMost);
    }

    [Fact]
    public void A_build_is_told_by_all_that_is_ours_beside_the_features()
    {
        string Build() => BuildFingerprint.Of(Path.Combine(_checkout.Root, "bin", "TidalBdd.Features.dll"));
        _checkout.Write("bin/TidalBdd.Features.dll", "1");
        _checkout.Write("bin/Tidal.dll", "1");
        var before = Build();
        before.Should().HaveLength(16);
        _checkout.Write("bin/Other.dll", "1");
        Build().Should().Be(before);
        _checkout.Write("bin/Tidal.dll", "2");
        Build().Should().NotBe(before);
        BuildFingerprint.Of("/nowhere/Features.dll").Should().BeEmpty();
    }

    private TestRecord Added(TestResult result)
    {
        _pass.Add(result);
        return _pass.ToRecord(DateTimeOffset.UnixEpoch, isCancelled: false).Tests[^1];
    }
}
