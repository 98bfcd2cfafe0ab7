using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>Each run's own folder, and how long it stays.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tidal-runs-").FullName;
    private int _opened;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Of_the_runs_that_are_over_the_newest_stay_with_their_pictures()
    {
        var over = Enumerable.Range(0, RunFolder.KeptMost + 2).Select(_ => OpenWithPicture()).ToList();
        over.ForEach(run => run.Dispose());
        using var now = Open();
        Directory.EnumerateDirectories(RecordFiles.RecordsBelow(_root)).Should().BeEquivalentTo(over.Skip(2).Append(now).Select(run => run.Records));
        Directory.EnumerateDirectories(RecordFiles.EvidenceBelow(_root)).Should().BeEquivalentTo(over.Skip(2).Select(run => run.Evidence));
    }

    [Fact]
    public void A_run_that_is_being_written_stays_however_many_came_after_it()
    {
        using var first = OpenWithPicture();
        for (var number = 0; number < 2 * RunFolder.KeptMost; number++)
            Open().Dispose();
        Directory.Exists(first.Records).Should().BeTrue();
        Directory.Exists(first.Evidence).Should().BeTrue();
    }

    [Fact]
    public void Two_scenarios_of_one_title_have_names_of_their_own()
    {
        using var run = Open();
        (run.NameFor("A title: 1/2"), run.NameFor("A title: 1/2"), run.NameFor("\u4e2d\u6587")).Should().Be(("001-a-title--1-2", "002-a-title--1-2", "003"));
        run.NameFor(new string('x', 1_000)).Should().HaveLength(64);
    }

    private RunFolder Open() => RunFolder.Open(_root, DateTimeOffset.UnixEpoch.AddSeconds(_opened++));

    private RunFolder OpenWithPicture()
    {
        var run = Open();
        Directory.CreateDirectory(run.Evidence);
        return run;
    }
}
