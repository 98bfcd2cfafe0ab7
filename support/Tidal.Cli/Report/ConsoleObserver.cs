using Spectre.Console;

namespace Tidal.Cli;

/// <summary>Shows how a replay goes: a line for each event and, on a terminal, a progress bar.</summary>
internal sealed class ConsoleObserver : IReplayObserver
{
    // The bar is drawn ten times a second; to tell it of each row would only cost time.
    private const double Step = 0.002;

    private readonly IAnsiConsole _console;
    private readonly ProgressTask? _bar;
    private double _shown = -1;

    private ConsoleObserver(IAnsiConsole console, ProgressTask? bar) => (_console, _bar) = (console, bar);

    /// <summary>Plays a replay and shows how it goes.</summary>
    /// <param name="console">The console.</param>
    /// <param name="play">The replay.</param>
    public static ReplayReport Watch(IAnsiConsole console, Func<IReplayObserver, ReplayReport> play)
    {
        if (!console.Profile.Capabilities.Interactive)
            return play(new ConsoleObserver(console, null));
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context => play(new ConsoleObserver(console, context.AddTask("starting", maxValue: 1))));
    }

    /// <inheritdoc/>
    public void Progress(double fraction, DateTimeOffset virtualTime)
    {
        if (_bar is null || (fraction < _shown + Step && fraction < 1))
            return;
        _shown = fraction;
        _bar.Description = $"{Wording.ClockSeconds(virtualTime)} UTC";
        _bar.Value = fraction;
    }

    /// <inheritdoc/>
    public void Happened(DateTimeOffset virtualTime, string text)
    {
        var line = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        line.AddRow(new Text(Wording.Clock(virtualTime), ConsoleReport.Faint), new Text(Printable.Text(text)));
        _console.Write(line);
    }
}
