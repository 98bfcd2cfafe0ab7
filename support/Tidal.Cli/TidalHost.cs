namespace Tidal.Cli;

/// <summary>What the program runs on. Immutable.</summary>
internal sealed record TidalHost
{
    private const int PlainWidth = 80;

    /// <summary>Whether standard output is a terminal that may be drawn on: with colour and a progress bar.</summary>
    public bool IsRich { get; init; }

    /// <summary>The columns of a line.</summary>
    public int Width { get; init; } = PlainWidth;

    /// <summary>Whether an unexpected error shows where it came from.</summary>
    public bool IsDebugging { get; init; }

    /// <summary>Plays a plan.</summary>
    public Func<ReplayPlan, IReplayObserver, CancellationToken, ReplayReport> Play { get; init; } =
        (plan, observer, cancellation) => new ReplayRun(plan, observer).Run(cancellation);

    /// <summary>Measures: what was asked, who is told how it goes, and what interrupts it.</summary>
    public Func<BenchOptions, Action<string>, CancellationToken, BenchReport> Measure { get; init; } =
        (options, told, cancellation) => new BenchRun(options, told).Run(cancellation);

    /// <summary>The process: its standard output and its environment (<c>NO_COLOR</c>, <c>TERM</c>, <c>TIDAL_DEBUG</c>).</summary>
    public static TidalHost OfProcess()
    {
        var isRich = !Console.IsOutputRedirected && !IsSet("NO_COLOR") && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new TidalHost { IsRich = isRich, Width = WidthOfTerminal(), IsDebugging = Environment.GetEnvironmentVariable("TIDAL_DEBUG") == "1" };
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    // Some terminals do not tell.
    private static int WidthOfTerminal()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 40 ? PlainWidth : Console.WindowWidth;
        }
        catch (IOException)
        {
            return PlainWidth;
        }
    }
}
