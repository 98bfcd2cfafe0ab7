using System.Diagnostics;
using System.Globalization;

namespace Tidal.Tests.Hosting;

/// <summary>A process that writes and is killed, with no chance to close anything.</summary>
public sealed class ProcessDeathTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void What_a_killed_process_had_acknowledged_is_there_and_nothing_that_it_never_wrote()
    {
        var (acknowledged, attempted) = (0L, 0L);
        foreach (var lines in new[] { 1, 40, 333 })
        {
            acknowledged += RunAndKill(lines, out var threads);
            attempted = acknowledged + threads;
            using var db = TidalDb.Open(DurableWriter.Schema, new TidalDbOptions { Directory = _root["db"] });
            // A signal of each thread may have been on its way.
            db.ReadCount("song", "view").Should().BeInRange(acknowledged, attempted);
            acknowledged = db.ReadCount("song", "view");
        }
    }

    /// <summary>Lets the process write until it has said so many lines, and kills it.</summary>
    /// <returns>How many writes it had acknowledged.</returns>
    private long RunAndKill(int lines, out int threads)
    {
        threads = 4;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(DurableWriter).Assembly.Location, _root["db"], threads.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var said = 0L;
        while (said < lines && process.StandardOutput.ReadLine() is not null)
            said++;
        process.Kill();
        while (process.StandardOutput.ReadLine() is { } line)
            said += line == DurableWriter.Acknowledged ? 1 : 0;
        process.WaitForExit();
        said.Should().BeGreaterThanOrEqualTo(lines);
        return said;
    }
}
