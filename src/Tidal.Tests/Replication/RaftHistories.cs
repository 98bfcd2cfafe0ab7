using System.Collections.Concurrent;
using System.Globalization;

namespace Tidal.Tests.Replication;

/// <summary>The group's promises under random histories; <see cref="RaftHistory"/> says what may happen in one.</summary>
public sealed class RaftHistories(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int TraceLinesMax = 400;

    [Fact]
    public void A_group_loses_nothing_it_acknowledged_in_any_random_history()
    {
        var replayed = Environment.GetEnvironmentVariable("TIDAL_SEED");
        var first = replayed is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(replayed, CultureInfo.InvariantCulture);
        var acknowledged = Run(first, CountOf(replayed), static (seed, trace) => RaftHistory.Run(seed, trace));
        output.WriteLine($"{acknowledged} records were acknowledged.");
    }

    [Fact]
    public void A_history_that_fails_prints_the_command_that_replays_it()
    {
        static int Planted(ulong seed, List<string>? trace) => seed == 7 ? throw new RaftOracleException("planted") : 0;
        FluentActions.Invoking(() => Run(1, 20, Planted)).Should().Throw<Xunit.Sdk.XunitException>()
            .WithMessage("*TIDAL_SEED=7 dotnet test *planted*");
        FluentActions.Invoking(() => Run(7, 1, Planted)).Should().Throw<Xunit.Sdk.XunitException>()
            .WithMessage("*TIDAL_SEED=7 dotnet test *planted*");
    }

    [Fact]
    public void Followers_get_checkpoints_in_many_histories() =>
        Enumerable.Range(0, 200).Count(seed => RaftHistory.CheckpointsInstalledIn((ulong)seed) > 0).Should().BeGreaterThan(20);

    [Fact]
    public void The_same_seed_gives_the_same_history()
    {
        List<string> one = [], other = [];
        RaftHistory.Run(42, one);
        RaftHistory.Run(42, other);
        one.Should().Equal(other).And.HaveCountGreaterThan(100);
    }

    private static int CountOf(string? replayed)
    {
        if (Environment.GetEnvironmentVariable("TIDAL_HISTORIES") is { } count)
            return int.Parse(count, CultureInfo.InvariantCulture);
        return replayed is null ? 10_000 : 1;
    }

    /// <summary>Runs a history for each seed from the first on; the lowest seed that fails is told with its story.</summary>
    private static long Run(ulong first, int count, Func<ulong, List<string>?, int> history)
    {
        var failed = new ConcurrentBag<ulong>();
        var acknowledged = 0L;
        Parallel.For(0, count, (place, loop) =>
        {
            try
            {
                Interlocked.Add(ref acknowledged, history(first + (ulong)place, null));
            }
            catch (Exception)
            {
                failed.Add(first + (ulong)place);
                loop.Break();
            }
        });
        if (!failed.IsEmpty)
            Fail(failed.Min(), history);
        return acknowledged;
    }

    private static void Fail(ulong seed, Func<ulong, List<string>?, int> history)
    {
        var trace = new List<string>();
        var failure = Record.Exception(() => { history(seed, trace); });
        throw new Xunit.Sdk.XunitException(
            $"TIDAL_SEED={seed} dotnet test src/Tidal.Tests --filter FullyQualifiedName~{nameof(RaftHistories)}.A_group replays it: {failure?.Message}\n" +
            $"{string.Join('\n', trace.TakeLast(TraceLinesMax))}\n{failure}", failure);
    }
}
