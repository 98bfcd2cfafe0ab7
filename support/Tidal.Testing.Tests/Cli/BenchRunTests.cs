using System.Text.Json;

namespace Tidal.Testing.Tests.Cli;

/// <summary>The benchmark itself, in a few seconds of real time: that it measures everything, not how much.</summary>
[Trait("Category", "realtime")]
public sealed class BenchRunTests
{
    private static readonly string[] Cases = ["trending", "trendingCohort", "filtered", "user1000Hides", "top", "new"];

    [Fact]
    public void A_quick_run_has_every_figure_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        using var run = new ProgramRun();
        run.Run(["bench", "--quick", "--json", "--directory", folder.Path]).Should().Be(0, run.Error);
        var json = JsonDocument.Parse(run.Output).RootElement;
        json.EnumerateObject().Should().NotContain(property => property.Value.ValueKind == JsonValueKind.Null);
        foreach (var key in (string[])["acceptedPerSecondMemory", "acceptedPerSecondFile", "failoverSeconds", "recoveryRecordsPerSecond", "bytesPerItemSignal"])
            json.GetProperty(key).GetDouble().Should().BePositive(key);
        json.GetProperty("retrieveMicroseconds").EnumerateObject().Select(property => property.Name)
            .Should().Equal([.. Cases, .. Cases.Select(name => $"endToEnd{char.ToUpperInvariant(name[0])}{name[1..]}")]);
        json.GetProperty("durations").EnumerateObject().Select(property => property.Name)
            .Should().Equal("peak", "file", "latency", "failover", "recovery", "retrieve", "endToEnd");
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }
}
