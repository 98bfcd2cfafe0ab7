using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>The program, run in memory on a file of two rows, with a made-up replay behind it.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public ProgramRun() => File = _folder.Write("day.csv", System.Text.Encoding.UTF8.GetBytes(SignalTexts.File(SignalTexts.Row, SignalTexts.LastRow)));

    public string File { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public TidalHost Host { get; init; } = new() { Play = PlayNothing };

    public static ReplayReport PlayNothing(ReplayPlan plan, IReplayObserver observer, CancellationToken cancellation)
    {
        observer.Progress(0.5, plan.At(TimeSpan.FromHours(12)));
        observer.Happened(plan.At(TimeSpan.FromHours(12)), "us-east/2: the primary (replica 1) crashed while a write to it was unanswered\u001B");
        return Reports.Of(plan);
    }

    public int Replay(params string[] options) => Run(["replay", File, .. options]);

    public int Run(string[] args, CancellationToken cancellation = default) => TidalProgram.Run(args, _output, _error, Host, cancellation);

    public void Dispose() => _folder.Dispose();
}
