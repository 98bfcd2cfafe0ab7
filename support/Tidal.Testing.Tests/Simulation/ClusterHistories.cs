using System.Collections.Concurrent;
using System.Globalization;
using Tidal.LivingDocumentation;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>The promises of whole clusters under random histories; <see cref="ClusterHistoryRun"/> says what may happen in one.</summary>
public sealed class ClusterHistories(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int LinesShown = 200;

    [Fact]
    public void A_cluster_loses_and_doubles_nothing_in_any_random_history()
    {
        var replayed = Environment.GetEnvironmentVariable("TIDAL_SEED");
        var first = replayed is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(replayed, CultureInfo.InvariantCulture);
        var acknowledged = Run(first, CountOf(replayed), ClusterHistoryRun.Run);
        output.WriteLine($"{acknowledged} signals were acknowledged.");
        acknowledged.Should().BePositive();
    }

    [Fact]
    public void A_history_that_fails_prints_the_command_that_replays_it()
    {
        static long Planted(ulong seed) => seed == 7 ? throw new ClusterOracleException("planted") : 0;
        FluentActions.Invoking(() => Run(1, 20, Planted)).Should().Throw<Xunit.Sdk.XunitException>()
            .WithMessage("*TIDAL_SEED=7 dotnet test support/Tidal.Testing.Tests --filter *planted*");
    }

    private static int CountOf(string? replayed)
    {
        if (Environment.GetEnvironmentVariable("TIDAL_HISTORIES") is { } count)
            return int.Parse(count, CultureInfo.InvariantCulture);
        return replayed is null ? 300 : 1;
    }

    /// <summary>Runs a history for each seed from the first on; the lowest seed that fails is told with its story.</summary>
    private static long Run(ulong first, int count, Func<ulong, long> history)
    {
        var failed = new ConcurrentDictionary<ulong, Exception>();
        var acknowledged = 0L;
        Parallel.For(0, count, (place, loop) =>
        {
            try
            {
                Interlocked.Add(ref acknowledged, history(first + (ulong)place));
            }
            catch (Exception failure)
            {
                failed[first + (ulong)place] = failure;
                loop.Break();
            }
        });
        if (!failed.IsEmpty)
            Fail(failed.Keys.Min(), failed);
        return acknowledged;
    }

    private static void Fail(ulong seed, ConcurrentDictionary<ulong, Exception> failed) => throw new Xunit.Sdk.XunitException(
        $"TIDAL_SEED={seed} dotnet test support/Tidal.Testing.Tests --filter FullyQualifiedName~{nameof(ClusterHistories)}.A_cluster replays it: "
        + $"{failed[seed].Message}\n{StoryOf(seed)}\n{failed[seed]}", failed[seed]);

    private static string StoryOf(ulong seed)
    {
        using var run = new ClusterHistoryRun(seed);
        Record.Exception(() => { run.Run(); });
        return string.Join('\n', run.Cluster.History.Lines
            .Where(line => line.Event.Kind != Replication.ReplicaEventKind.Committed)
            .TakeLast(LinesShown).Select(line => HistoryText.Of(line, run.Cluster.Topology)));
    }
}
