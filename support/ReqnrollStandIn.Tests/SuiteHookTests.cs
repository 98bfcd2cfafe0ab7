using Tidal.LivingDocumentation;
using Tidal.LivingDocumentation.Records;
using Tidal.Replication;
using Tidal.ReqnrollStandIn.Running;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.Drivers;
using Tidal.Testing.Oracles;
using TidalBdd.Steps;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>The suite's own hooks: what they put on record of a scenario, and how it ends.</summary>
public sealed class SuiteHookTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tidal-hooks-").FullName;
    private readonly RunFolder _folder;

    public SuiteHookTests() => RunOfThisProcess.Set(_folder = RunFolder.Open(_root, DateTimeOffset.UnixEpoch));

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_row_of_an_outline_is_on_record_with_its_values_and_steps()
    {
        var results = await RunAsync("Scenario Outline: Views by <who>\n    Given a cluster\n    When <who> looks <times> times\n    Examples:\n      | who | times |\n      | ana | 2     |\n      | ben | 3     |");
        results.Should().OnlyContain(result => result.Passed);
        var record = RecordOf(results[1]);
        (record.FeatureFolder, record.Feature, record.Title, record.Error).Should().Be(("some/where", "Looking", "Views by <who>", null));
        record.Arguments.Should().Equal(new NamedValue("who", "ben"), new NamedValue("times", "3"));
        record.Steps.Select(step => (step.Text, step.Definition, step.Error)).Should().Equal(("a cluster", "Steps.Cluster", null), ("ben looks 3 times", "Steps.Looks", null));
        record.Steps[0].Milliseconds.Should().BePositive();
        (record.Substrate, record.Seed).Should().Be(("virtual time", ScenarioSeed.For("Views by <who>")));
        record.Runtime.Should().Be("the stand-in for Reqnroll 3.3.3");
        record.Replay.Should().Be($"TIDAL_SEED={record.Seed} dotnet test --filter \"DisplayName~Views by <who>\"");
        Directory.EnumerateFiles(_folder.Records, "*.json").Should().HaveCount(2);
    }

    [Fact]
    public async Task A_failed_step_is_on_record_and_those_behind_it_are_not()
    {
        var result = (await RunAsync("Scenario: S\n    Given a cluster\n    When it breaks\n    When ana looks 1 times")).Single();
        var record = RecordOf(result);
        record.Steps.Select(step => (step.Text, step.Error)).Should().Equal(("a cluster", null), ("it breaks", "broken <b>"));
        (record.Error, result.Error!.Message).Should().Be(("broken <b>", "broken <b>"));
        result.Output.Should().Contain($"Seed {record.Seed}. To see it again: {record.Replay}");
    }

    [Fact]
    public async Task What_the_audit_finds_is_on_record_before_it_fails_the_scenario()
    {
        var result = (await RunAsync("Scenario: S\n    Given a cluster\n    When a clock goes back")).Single();
        result.Error.Should().BeOfType<AuditException>().Which.Message.Should().Match("The audit at the end of the scenario found: 0 accepted, *invariant 9 at *");
        var record = RecordOf(result);
        record.Error.Should().Be(result.Error!.Message);
        record.Steps.Should().OnlyContain(step => step.Error == null);
        result.Output.Should().Contain($"Seed {record.Seed}. To see it again: {record.Replay}").And.Contain("what happened last:");
    }

    [Fact]
    public async Task An_audit_that_cannot_be_made_fails_the_scenario_too()
    {
        var result = (await RunAsync("Scenario: S\n    Given a cluster\n    When the cluster breaks a moment later")).Single();
        result.Error!.Message.Should().Be("broken later");
        RecordOf(result).Error.Should().Be("broken later");
        result.Output.Should().Contain("To see it again: ");
    }

    [Theory]
    [InlineData("nobody knows this", 1, null, "A step has no definition.")]
    [InlineData("it is pending", 2, "A step's definition is not written yet.", "A step's definition is not written yet.")]
    public async Task A_step_that_is_undefined_or_pending_fails_the_record_too(string step, int steps, string? stepError, string error)
    {
        var record = RecordOf((await RunAsync($"Scenario: S\n    Given a cluster\n    When {step}\n    When ana looks 1 times")).Single());
        record.Steps.Should().HaveCount(steps);
        (record.Steps[^1].Error, record.Error).Should().Be((stepError, error));
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_said_and_fails_nothing()
    {
        RunOfThisProcess.Set(null);
        var result = (await RunAsync("Scenario: S\n    Given a cluster")).Single();
        result.Passed.Should().BeTrue();
        result.Output.Should().Contain("Warning: This scenario is not on record: IOException: there is no room").And.NotContain(RecordFiles.Announcement);
    }

    [Fact]
    public async Task Pictures_that_cannot_be_written_do_not_take_the_record_with_them()
    {
        await File.WriteAllTextAsync(Directory.CreateDirectory(Path.GetDirectoryName(_folder.Evidence)!).FullName + "/" + Path.GetFileName(_folder.Evidence), "in the way");
        var result = (await RunAsync("Scenario: S\n    Given a cluster\n    When its primary crashes")).Single();
        RecordOf(result).Evidence.OfType<Picture>().Should().NotBeEmpty();
        result.Output.Should().Contain("Warning: The pictures of this scenario could not be written: IOException: ");
    }

    [Fact]
    public async Task Pictures_are_attached_as_files()
    {
        var result = (await RunAsync("Scenario: S\n    Given a cluster\n    When its primary crashes")).Single();
        var files = Directory.GetFiles(_folder.Evidence);
        files.Should().HaveCount(RecordOf(result).Evidence.OfType<Picture>().Count()).And.NotBeEmpty();
        files.Should().OnlyContain(file => result.Output.Contains($"-> attachment: {file}") && File.ReadAllText(file).StartsWith("<svg "));
    }

    [Fact]
    public async Task An_error_of_any_length_leaves_a_record_that_can_be_read()
    {
        var record = RecordOf((await RunAsync("Scenario: S\n    When it breaks at length")).Single());
        record.Error!.Length.Should().BeLessThan(ScenarioRecorder.ErrorCharactersMost + 10);
        record.Steps.Single().Error.Should().Be(record.Error);
    }

    [Fact]
    public void The_definitions_of_an_assembly_are_listed_with_their_methods()
    {
        var definitions = StepDefinitions.Of(typeof(SuiteHookTests).Assembly);
        definitions.Should().Contain(new DefinitionRecord("When", "{word} looks {int} times", "Steps.Looks"));
        definitions.Should().Contain(definition => definition.Keyword == "Step" && definition.Expression == "any keyword");
    }

    [Fact]
    public async Task A_title_that_means_harm_names_a_file_like_any_other()
    {
        const string Title = "../../etc/<b>\"x\" & $(rm) `y` \\ \u05d0";
        var result = (await RunAsync($"Scenario: {Title}\n    Given a cluster")).Single();
        var record = RecordOf(result);
        record.Title.Should().Be(Title);
        record.Replay.Should().EndWith("""DisplayName~../../etc/<b>\"x\" \& \$\(rm\) \`y\` \\\\ """ + "\u05d0\"");
        Directory.EnumerateFiles(_folder.Records, "*.json").Select(Path.GetFileName).Should().Equal("001-------etc--b--x------rm---y.json");
    }

    private static Task<IReadOnlyList<ScenarioResult>> RunAsync(string scenario) =>
        StandInRunner.RunAsync([("some/where/looking.feature", "Feature: Looking\n  " + scenario)], typeof(Hooks), typeof(Steps));

    private static ScenarioRecord RecordOf(ScenarioResult result) => RecordFiles.Read<ScenarioRecord>(
        result.Output.Split('\n').Single(line => line.StartsWith(RecordFiles.Announcement, StringComparison.Ordinal))[RecordFiles.Announcement.Length..].Trim());

    [Binding]
    private sealed class Steps(ClusterDriver driver)
    {
        [Given("a cluster")]
        public void Cluster()
        {
            driver.Found(new Topology(["us-east"], shards: 1, replicas: 3));
            driver.Pass(TimeSpan.FromSeconds(1));
        }

        [When("{word} looks {int} times")]
        public void Looks(string who, int times) => (who.Length + times).Should().BePositive();

        [When("it breaks")]
        public void Breaks() => throw new InvalidOperationException("broken <b>");

        [When("it breaks at length")]
        public void BreaksAtLength() => throw new InvalidOperationException(new string('x', 1_000_000));

        [When("it is pending")]
        public void Pends() => throw new PendingStepException();

        [When("the cluster breaks a moment later")]
        public void BreaksLater() => driver.Cluster.After(TimeSpan.FromMilliseconds(1), () => throw new InvalidOperationException("broken later"));

        [When("its primary crashes")]
        public void Crashes()
        {
            driver.CrashPrimary("any", "us-east");
            driver.Pass(TimeSpan.FromSeconds(1));
        }

        [When("a clock goes back")]
        public void Lies() =>
            ((SimulatedCluster)driver.Cluster).Invariants.OnDelivery(new Delivery(Address.OfGateway(new RegionId(0)), default, default, default));
    }
}
