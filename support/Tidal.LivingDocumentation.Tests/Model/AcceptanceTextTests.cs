using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Tests.Model;

public sealed partial class AcceptanceTextTests
{
    private static readonly Lazy<string> Code = new(() => string.Join('\n', new[] { "src", "support", "steps" }.Select(folder => Path.Combine(RecordFiles.Root, folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(file => Path.GetFileName(file) != "AcceptanceTextTests.cs").Select(File.ReadAllText)));

    private static IReadOnlyList<AcceptanceLine> Lines => Texts.Own.AcceptanceText;

    [Fact]
    public void No_word_of_the_text_is_missing_and_none_was_added()
    {
        using var resource = typeof(AcceptanceTextTests).Assembly.GetManifestResourceStream("acceptance-text.txt")!;
        var original = new StreamReader(resource).ReadToEnd();

        var traced = string.Join('\n', Lines.Select((line, at) => at > 0 && Lines[at - 1].Section == line.Section ? line.Text : $"{line.Section}\n{line.Text}"));

        // The arrow of a drawing, which is no word.
        Bare(traced).Should().Be(Bare(original.Replace("\nv\n", "\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_tag_that_is_named_is_a_scenario_s()
    {
        var tags = Texts.Own.Features.SelectMany(file => FeatureBuilder.ScenariosOf(file.Feature).SelectMany(scenario => scenario.Tags).Concat(file.Feature.Tags))
            .Select(tag => tag.Name).ToHashSet();

        Lines.SelectMany(line => line.Tags).Where(tag => !tags.Contains(tag)).Should().BeEmpty();
    }

    [Fact]
    public void Every_scenario_that_is_named_exists()
    {
        var scenarios = Texts.Own.Features.SelectMany(file => FeatureBuilder.ScenariosOf(file.Feature).Select(scenario => (file.Feature.Name, scenario.Name))).ToHashSet();

        Lines.SelectMany(line => line.Scenarios).Where(scenario => !scenarios.Contains(scenario)).Should().BeEmpty();
    }

    [Fact]
    public void Every_class_file_and_command_that_is_named_exists() =>
        Lines.SelectMany(line => line.Otherwise).SelectMany(text => InBackticks().Matches(text)).Select(match => match.Groups[1].Value).Where(name => !Exists(name)).Should().BeEmpty();

    [Theory]
    [InlineData("NoSuchClass")]
    [InlineData("SimulatedCluster.NoSuchMethod")]
    [InlineData("support/no/such/file.cs")]
    [InlineData("bash .ci/no-such")]
    [InlineData("cargo test")]
    [InlineData("@uat-step-9")]
    public void What_does_not_exist_is_noticed(string name) => Exists(name).Should().BeFalse();

    [Theory]
    [InlineData("## A\n> A line\n", 2, "nothing is said to show this line")]
    [InlineData("## A\nA line\n- tag: @uat\n", 2, "a line of the acceptance text (\"> …\") is expected here")]
    [InlineData("## A\n> A line\n- tags: @uat\n", 3, "\"- tag: \", \"- scenario: \" or \"- otherwise: \" is expected here")]
    [InlineData("## A\n> A line\n- scenario: A title alone\n", 3, "a scenario is named as \"- scenario: Feature / Scenario\"")]
    public void What_is_not_written_as_it_must_be_is_refused_with_its_line(string text, int line, string reason) =>
        FluentActions.Invoking(() => AcceptanceLine.Parse("a.md", text)).Should().Throw<SourceException>().WithMessage($"a.md, line {line}: {reason}");

    [Fact]
    public void A_line_is_read_with_what_shows_it() =>
        AcceptanceLine.Parse("a.md", "# T\n\nFor editors.\n\n## A\n\n> The first\n- tag: @x\n- scenario: F / S / T\n- otherwise: `C`.\n\n> The second\n- tag: @y\n").Should().BeEquivalentTo(
            [new AcceptanceLine("A", "The first", 7, ["@x"], [("F", "S / T")], ["`C`."]), new AcceptanceLine("A", "The second", 12, ["@y"], [], [])]);

    // Of a class and a member of it both must be there.
    private static bool Exists(string name) => name switch
    {
        _ when name.StartsWith("bash ", StringComparison.Ordinal) => File.Exists(Path.Combine(RecordFiles.Root, name[5..])),
        _ when name.StartsWith("dotnet ", StringComparison.Ordinal) => true,
        _ when name.StartsWith('@') => Texts.Own.Features.Any(file => file.Text.Contains(name, StringComparison.Ordinal)),
        _ when name.Contains('/', StringComparison.Ordinal) => Path.Exists(Path.Combine(RecordFiles.Root, name)),
        _ when name.Split('.') is [var type, .. var members] => IsType(type) && members.All(member => Regex.IsMatch(Code.Value, $@"\b{Regex.Escape(member)}\b")),
        _ => false,
    };

    private static bool IsType(string name) => Regex.IsMatch(Code.Value, $@"\b(class|record|struct|interface|enum) (struct )?{Regex.Escape(name)}\b");

    private static string Bare(string text) => NoWord().Replace(text, "");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();

    [GeneratedRegex("[^A-Za-z0-9<=]")]
    private static partial Regex NoWord();
}
