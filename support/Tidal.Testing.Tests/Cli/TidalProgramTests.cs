using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Exit codes, and what stands where.</summary>
public sealed class TidalProgramTests
{
    private const string SeeHelp = "'tidal --help' and 'tidal replay --help' say what can be given.\n";

    private const string SeeAllHelp = "'tidal --help', 'tidal replay --help' and 'tidal bench --help' say what can be given.\n";
    private const string SeeBenchHelp = "'tidal --help' and 'tidal bench --help' say what can be given.\n";

    public static TheoryData<string[], string> Errors => new()
    {
        { [], "tidal: No command was given; expected replay or bench.\n" + SeeAllHelp },
        { ["play"], "tidal: There is no command 'play'; expected replay or bench.\n" + SeeAllHelp },
        { ["bench", "fast"], "tidal: Unrecognized command or argument 'fast'.\n" + SeeBenchHelp },
        { ["bench", "--rate"], "tidal: Required argument missing for option: '--rate'.\n" + SeeBenchHelp },
        { ["replay", "a.csv", "b.csv"], "tidal: Unrecognized command or argument 'b.csv'.\n" + SeeHelp },
        { ["replay", "--speed", "2"], "tidal: Unrecognized command or argument '2'.\n" + SeeHelp },
        { ["replay", "--seed"], "tidal: Required argument missing for option: '--seed'.\n" + SeeHelp },
        { ["replay", "--duplicate-every", "0"], "tidal: --duplicate-every: '0' is not a number of signals; expected a whole number from 1 to 2147483647.\n" },
        { ["replay", "--hides", "31510"], "tidal: --hides: The day has no signals for 31510 hides; expected a whole number from 1 to 31509.\n" },
        { ["replay", "--hides", "x"], "tidal: --hides: 'x' is not a number of hides; expected a whole number from 1 to 2147483647.\n" },
        { ["replay", "--seed", "-1"], "tidal: --seed: '-1' is not a seed; expected a whole number from 0 to 18446744073709551615.\n" },
        { ["replay", "--no-faults", "--fault", "crash us-east/2 12:00"], "tidal: --no-faults: It contradicts --fault; expected one of the two.\n" },
        { ["replay", "--query", "RETRIEVE item"], "tidal: --query: Found 'item' (did you mean items?); expected items.\nRETRIEVE item\n         ^\n" },
        { ["replay", "none.csv"], "tidal: none.csv: There is no such file; expected a .csv or .csv.gz file of signals.\n" },
        { ["replay", "@none.csv"], "tidal: @none.csv: There is no such file; expected a .csv or .csv.gz file of signals.\n" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_be_taken_is_said_on_standard_error_alone(string[] args, string message)
    {
        using var run = new ProgramRun();
        run.Run(args).Should().Be(2);
        run.Error.Should().Be(message);
        run.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--fault", "crash us-east/2 00:10")]
    [InlineData("--query", "00:10 RETRIEVE items")]
    public void What_would_miss_the_rows_is_refused_before_anything_is_written(string option, string text)
    {
        using var run = new ProgramRun();
        run.Replay(option, text).Should().Be(2);
        run.Error.Should().StartWith($"tidal: {option}: No row is played at that time; expected a time while there are rows, 00:49:12 to 23:59:59");
        run.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failed_audit_is_told_and_ends_with_1(bool json)
    {
        using var run = new ProgramRun { Host = new TidalHost { Play = (plan, _, _) => Reports.Of(plan) with { Lost = 1, Materialized = 1 } } };
        run.Replay(json ? ["--json"] : []).Should().Be(1);
        run.Output.Should().Contain(json ? "\"passed\": false" : "AUDIT FAILED");
    }

    [Theory]
    [InlineData(false, "tidal: unexpected InvalidOperationException: two lines (TIDAL_DEBUG=1 shows where)\n")]
    [InlineData(true, "tidal: unexpected InvalidOperationException: two lines\nSystem.InvalidOperationException: two\nlines\n   at ")]
    public void What_never_should_happen_is_one_line_and_ends_with_3(bool debugging, string message)
    {
        using var run = new ProgramRun { Host = new TidalHost { IsDebugging = debugging, Play = (_, _, _) => throw new InvalidOperationException("two\nlines") } };
        run.Replay("--json").Should().Be(3);
        run.Error.Should().StartWith(message).And.Match(error => debugging || ((string)error).Length == message.Length);
        run.Output.Should().BeEmpty();
    }

    [Fact]
    public void An_interruption_ends_with_130()
    {
        using var interruption = new CancellationTokenSource();
        using var run = new ProgramRun { Host = new TidalHost { Play = (_, _, cancellation) => Interrupt(interruption, cancellation) } };
        run.Run(["replay", run.File, "--json"], interruption.Token).Should().Be(130);
        run.Error.Should().Be("tidal: interrupted.\n");
        run.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData("tidal [command] [options]", "--help")]
    [InlineData("tidal replay [<FILE>] [options]", "replay", "--help")]
    [InlineData("tidal bench [options]", "bench", "--help")]
    [InlineData("tidal 0.1.0\n", "--version")]
    public void Help_and_version_are_told_on_standard_output(string text, params string[] args)
    {
        using var run = new ProgramRun();
        run.Run(args).Should().Be(0);
        run.Output.Should().Contain(text);
        run.Error.Should().BeEmpty();
    }

    private static ReplayReport Interrupt(CancellationTokenSource interruption, CancellationToken cancellation)
    {
        interruption.Cancel();
        cancellation.ThrowIfCancellationRequested();
        throw new InvalidOperationException("It goes on.");
    }
}
