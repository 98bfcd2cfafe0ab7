using System.CommandLine;
using System.Diagnostics;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// The program, apart from its process: reads the command line, does what it says, and turns every outcome into an exit code.
/// An error is said on standard error, and then there is nothing on standard output.
/// </summary>
internal static class TidalProgram
{
    /// <summary>It did what was asked, and all is well.</summary>
    public const int Success = 0;

    /// <summary>The audit of the replay, or of what was measured, failed.</summary>
    public const int AuditFailed = 1;

    /// <summary>The command line or the input cannot be taken.</summary>
    public const int Unusable = 2;

    /// <summary>Something happened that never should.</summary>
    public const int Unexpected = 3;

    /// <summary>The user interrupted it.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs the program.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="host">What it runs on.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, TidalHost host, CancellationToken cancellation = default)
    {
        try
        {
            return Run(args, output, host, error, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Say(error, "interrupted.");
            return Interrupted;
        }
        catch (TidalException e) when (e is ReplayInputException or OptionException)
        {
            Say(error, e.Message);
            return Unusable;
        }
        catch (Exception e)
        {
            SayUnexpected(error, e, host);
            return Unexpected;
        }
    }

    private static int Run(IReadOnlyList<string> args, TextWriter output, TidalHost host, TextWriter error, CancellationToken cancellation)
    {
        var (replay, bench) = (new ReplayCommand(), new BenchCommand());
        var line = TidalCommandLine.Parse(args, replay, bench);
        if (TidalCommandLine.AsksForHelpOrVersion(line))
            return line.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        if (line.Errors.Count == 0)
        {
            return line.CommandResult.Command == bench
                ? Bench(bench.Read(line), output, host, cancellation)
                : Replay(replay.Read(line), output, host, cancellation);
        }

        foreach (var problem in TidalCommandLine.Problems(line))
            Say(error, Printable.Text(problem));
        error.WriteLine($"{TidalCommandLine.HelpOf(line)} what can be given.");
        return Unusable;
    }

    private static int Replay(ReplayOptions options, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var plan = ReplayPlan.Of(options, [.. SignalDay.Read(options.File)]);
        cancellation.ThrowIfCancellationRequested();
        var report = options.Json
            ? PlayForPrograms(plan, output, host, cancellation)
            : PlayForReaders(plan, output, host, cancellation);
        output.Flush();
        return report.Passed ? Success : AuditFailed;
    }

    private static ReplayReport PlayForPrograms(ReplayPlan plan, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var report = host.Play(plan, SilentObserver.Instance, cancellation);
        JsonReport.Write(report, output);
        return report;
    }

    private static ReplayReport PlayForReaders(ReplayPlan plan, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var console = ReplayConsole.Create(output, host);
        var writer = new ConsoleReport(console);
        writer.WriteHeading(plan);
        var watch = Stopwatch.StartNew();
        var report = ConsoleObserver.Watch(console, observer => host.Play(plan, observer, cancellation));
        writer.Write(report, watch.Elapsed);
        return report;
    }

    private static int Bench(BenchOptions options, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var report = options.Json
            ? MeasureForPrograms(options, output, host, cancellation)
            : MeasureForReaders(options, output, host, cancellation);
        output.Flush();
        return report.Passed ? Success : AuditFailed;
    }

    private static BenchReport MeasureForPrograms(BenchOptions options, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var report = host.Measure(options, static _ => { }, cancellation);
        BenchJson.Write(report, output);
        return report;
    }

    private static BenchReport MeasureForReaders(BenchOptions options, TextWriter output, TidalHost host, CancellationToken cancellation)
    {
        var writer = new BenchConsole(ReplayConsole.Create(output, host));
        writer.WriteHeading(options, BenchRun.Machine);
        var report = host.Measure(options, writer.WriteProgress, cancellation);
        writer.Write(report);
        return report;
    }

    private static void Say(TextWriter error, string message) => error.WriteLine($"{TidalCommandLine.Name}: {message}");

    private static void SayUnexpected(TextWriter error, Exception e, TidalHost host)
    {
        Say(error, $"unexpected {e.GetType().Name}: {Printable.Text(e.Message)}{(host.IsDebugging ? "" : " (TIDAL_DEBUG=1 shows where)")}");
        if (host.IsDebugging)
            error.WriteLine(e);
    }
}
