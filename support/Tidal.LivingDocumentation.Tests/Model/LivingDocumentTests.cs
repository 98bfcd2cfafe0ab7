using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;
using Tidal.LivingDocumentation.Report.Writing;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>The files that a run leaves behind.</summary>
public sealed class LivingDocumentTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tidal-document-").FullName;

    public LivingDocumentTests()
    {
        Put("features/f/f.feature", "Feature: F\n  Scenario: S\n    Then t\n");
        Put("features/capabilities.md", "## f: A folder\nA sentence.\n");
        Put("features/glossary.md", "## word\nA meaning.\n");
        Put("features/acceptance/acceptance-text.md", "## A\n> A line\n- tag: @x\n");
    }

    private string Folder => RecordFiles.FolderBelow(_root);

    private string[] Files => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_whole_run_leaves_the_document_its_pass_and_a_history()
    {
        var index = LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.MainPass);

        index.Should().Be(Path.Combine(Folder, "index.html"));
        Files.Should().Equal("history.json", "index.html", "lock", "messages.ndjson", "passes/main.json");
        RecordFiles.Read<PassRecord>(Path.Combine(Folder, "passes", "main.json")).Tests.Single().DisplayName.Should().Be("S");
        History.Runs.Single().Passed.Should().Be(1);
    }

    [Fact]
    public void A_filtered_run_is_written_aside_and_leaves_everything_as_it_is()
    {
        LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.MainPass);
        var before = Contents();

        var index = LivingDocument.Write(_root, Later(Small.Pass(Small.Failed("S", "no"))) with { Filter = "Category=x" }, LivingDocument.MainPass);

        index.Should().Be(Path.Combine(Folder, "filtered", "index.html"));
        Contents().Where(file => !file.Key.StartsWith("filtered/", StringComparison.Ordinal)).Should().Equal(before);
        Files.Should().Contain(["filtered/index.html", "filtered/messages.ndjson"]).And.NotContain("filtered/history.json");
    }

    [Fact]
    public void The_second_pass_is_added_to_the_first_of_its_build_and_is_no_run_of_its_own()
    {
        LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.MainPass);

        var index = LivingDocument.Write(_root, Later(Small.Pass(Small.Failed("S", "no"))) with { Filter = "Category=uat" }, LivingDocument.RealTimePass);

        index.Should().Be(Path.Combine(Folder, "index.html"));
        History.Runs.Should().ContainSingle().Which.Failed.Should().Be(1, "the second pass is part of it");
        Files.Should().Contain("passes/real-time.json");
    }

    [Fact]
    public void The_first_pass_takes_up_the_second_of_its_build_if_that_was_there_before()
    {
        LivingDocument.Write(_root, Small.Pass(Small.Failed("S", "no")), LivingDocument.RealTimePass);

        LivingDocument.Write(_root, Later(Small.Pass(Small.Passed("S"))), LivingDocument.MainPass);

        History.Runs.Single().Failed.Should().Be(1);
    }

    [Fact]
    public void A_test_that_is_run_again_has_the_later_word_and_the_others_keep_theirs()
    {
        Put("features/f/f.feature", "Feature: F\n  Scenario: S\n    Then t\n  Scenario: T\n    Then t\n");
        LivingDocument.Write(_root, Small.Pass(Small.Passed("S"), Small.Passed("T")), LivingDocument.MainPass);
        LivingDocument.Write(_root, Small.Pass(Small.Failed("S", "no"), Small.Failed("T", "no")), LivingDocument.RealTimePass);

        LivingDocument.Write(_root, Later(Small.Pass(Small.Passed("S"))), LivingDocument.RealTimePass, isAgain: true);

        History.Runs.Single().Should().Match<EarlierRun>(run => run.Passed == 1 && run.Failed == 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("an older build")]
    public void A_second_pass_without_the_first_of_its_build_is_written_aside(string build)
    {
        if (build.Length > 0)
            LivingDocument.Write(_root, Small.Pass(Small.Passed("S")) with { Build = build }, LivingDocument.MainPass);

        var index = LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.RealTimePass);

        index.Should().Be(Path.Combine(Folder, "filtered", "index.html"));
    }

    [Fact]
    public void What_an_older_version_left_behind_is_as_good_as_nothing()
    {
        Put("artifacts/living-documentation/history.json", "{ \"runs\": 5 }");
        Put("artifacts/living-documentation/passes/real-time.json", "not JSON");

        LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.MainPass);

        History.Runs.Should().ContainSingle();
    }

    [Fact]
    public void A_history_is_read_as_it_was_written()
    {
        LivingDocument.Write(_root, Small.Pass(Small.Passed("S")), LivingDocument.MainPass);
        LivingDocument.Write(_root, Later(Small.Pass(Small.Failed("S", "no"))), LivingDocument.MainPass);

        History.Runs.Select(run => (run.Passed, run.Failed)).Should().Equal((0, 1), (1, 0));
        History.Before!.Examples.Should().ContainKey("f--s--example").WhoseValue.Title.Should().Be("S");
    }

    [Fact]
    public void While_somebody_else_writes_it_waits_and_then_says_so()
    {
        using var held = FolderLock.Take(Folder, TimeSpan.Zero);

        FluentActions.Invoking(() => LivingDocument.Write(_root, Small.Pass(), LivingDocument.MainPass, isAgain: false, TimeSpan.FromMilliseconds(60)))
            .Should().Throw<DocumentLockedException>().Which.Waited.Should().Be(TimeSpan.FromMilliseconds(60));
        Files.Should().Equal("lock");
    }

    [Fact]
    public async Task It_goes_on_when_the_other_is_done()
    {
        var held = FolderLock.Take(Folder, TimeSpan.Zero);
        var writing = Task.Run(() => LivingDocument.Write(_root, Small.Pass(), LivingDocument.MainPass));
        await Task.Delay(100);

        held.Dispose();

        (await writing).Should().EndWith("index.html");
    }

    [Fact]
    public void A_file_that_cannot_be_written_whole_is_not_there_at_all()
    {
        var path = Path.Combine(_root, "whole.txt");
        File.WriteAllText(path, "before");

        FluentActions.Invoking(() => AtomicFile.Write(path, beside =>
        {
            File.WriteAllText(beside, "half");
            throw new InvalidOperationException();
        })).Should().Throw<InvalidOperationException>();

        File.ReadAllText(path).Should().Be("before");
        Directory.EnumerateFiles(_root).Should().ContainSingle();
    }

    [Fact]
    public void A_feature_that_cannot_be_read_leaves_everything_as_it_is()
    {
        Put("features/f/f.feature", "nonsense");

        FluentActions.Invoking(() => LivingDocument.Write(_root, Small.Pass(), LivingDocument.MainPass)).Should().Throw<SourceException>();
        Files.Should().Equal("lock");
    }

    [Fact]
    public void A_text_beside_the_features_that_is_missing_is_named()
    {
        File.Delete(Path.Combine(_root, "features", "glossary.md"));

        FluentActions.Invoking(() => LivingDocument.Write(_root, Small.Pass(), LivingDocument.MainPass))
            .Should().Throw<SourceException>().WithMessage("features/glossary.md: it cannot be read");
    }

    [Fact]
    public void A_pass_has_one_of_two_names() =>
        FluentActions.Invoking(() => LivingDocument.Write(_root, Small.Pass(), "third")).Should().Throw<ArgumentOutOfRangeException>();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private RunHistory History => RecordFiles.Read<RunHistory>(Path.Combine(Folder, "history.json"));

    private static PassRecord Later(PassRecord pass) => pass with { Began = Small.Began.AddHours(1) };

    private Dictionary<string, string> Contents() => Files.ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Folder, file)));

    private void Put(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
