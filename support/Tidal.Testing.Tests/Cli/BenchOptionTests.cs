using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>What the options of <c>tidal bench</c> mean, and what is refused.</summary>
public sealed class BenchOptionTests
{
    public static TheoryData<string, string, string> Errors => new()
    {
        { "--only", "peak,pek", "There is no phase 'pek'; expected peak, file, latency, failover, recovery or retrieve.\npeak,pek\n     ^" },
        { "--only", "peak, ", "There is no phase here; expected peak, file, latency, failover, recovery or retrieve.\npeak, \n      ^" },
        { "--seconds", "0", "'0' is not a number of seconds; expected a whole number from 1 to 3600." },
        { "--seconds", "1.5", "'1.5' is not a number of seconds; expected a whole number from 1 to 3600." },
        { "--items", "many", "'many' is not a number of items; expected a whole number from 1 to 10000000." },
        { "--cluster-items", "-1", "'-1' is not a number of items; expected a whole number from 1 to 10000000." },
        { "--rate", "0", "'0' is not a number of signals a second; expected a whole number from 1 to 10000000." },
        { "--batch", "4097", "'4097' is not a number of signals a call; expected a whole number from 1 to 4096." },
        { "--signals", "0", "'0' is not a number of signals; expected a whole number from 1 to 1000000000." },
        { "--directory", "/none/of/that", "There is no directory '/none/of/that'; expected one that exists." },
        { "--seed", "x", "'x' is not a seed; expected a whole number from 0 to 18446744073709551615." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_be_taken_is_said_on_standard_error_alone(string option, string text, string message)
    {
        using var run = new ProgramRun();
        run.Run(["bench", option, text]).Should().Be(2);
        run.Error.Should().Be($"tidal: {option}: {message}\n");
        run.Output.Should().BeEmpty();
    }

    [Fact]
    public void Nothing_given_means_every_phase_at_the_load_of_the_acceptance_text() =>
        Read().Should().BeEquivalentTo(new { Phases = BenchPhases.All, Rate = 25_000, Items = 1_000_000, Seconds = 10.0, Seed = 1UL, Json = false, Directory = (string?)null });

    [Fact]
    public void Each_option_says_what_it_says()
    {
        var directory = Path.GetTempPath();
        var options = Read(
            "--only", "File, recovery", "--seconds", "3", "--items", "10", "--cluster-items", "11", "--rate", "12", "--batch", "13", "--signals", "14",
            "--directory", directory, "--seed", "15", "--json");
        options.Should().Be(new BenchOptions
        {
            Phases = BenchPhases.File | BenchPhases.Recovery,
            Seconds = 3,
            Items = 10,
            ClusterItems = 11,
            Rate = 12,
            Batch = 13,
            SignalsMax = 14,
            Directory = directory,
            Seed = 15,
            Json = true,
        });
    }

    [Fact]
    public void A_quick_one_is_short_but_for_what_is_said_otherwise()
    {
        var options = Read("--quick", "--items", "70", "--seconds", "2");
        options.Should().Be(new BenchOptions().Quick() with { Items = 70, Seconds = 2 });
        options.SignalsMax.Should().BeLessThan(new BenchOptions().SignalsMax);
    }

    private static BenchOptions Read(params string[] args)
    {
        var command = new BenchCommand();
        return command.Read(TidalCommandLine.Parse(["bench", .. args], command));
    }
}
