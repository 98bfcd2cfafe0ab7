using System.Collections.Concurrent;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Tests.Migration;

/// <summary>
/// Whoever fails, at whichever boundary of a move, right before it or right after: the move ends where it was to end, and nothing
/// is lost, doubled or left behind. Exhaustive: every boundary of the move by every party.
/// </summary>
public sealed class MoveCrashTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const ulong Seed = 1;

    /// <summary>Who fails, and how: it strikes, and is over when it is disposed.</summary>
    private static readonly SortedDictionary<string, Func<SimulatedCluster, IFault>> Parties = new(StringComparer.Ordinal)
    {
        ["the node of the source's primary"] = cluster => CrashOf(cluster, MovingCluster.Source, isPrimary: true),
        ["the node of the target's primary"] = cluster => CrashOf(cluster, MovingCluster.Target, isPrimary: true),
        ["the control plane"] = cluster => new ControlPlaneCrash(cluster, MovingCluster.Third),
        ["a partition between source and target"] = cluster => NetworkPartition.Between(cluster, MovingCluster.Source, MovingCluster.Target),
        ["a partition between source and third member"] = cluster => NetworkPartition.Between(cluster, MovingCluster.Source, MovingCluster.Third),
        [AwayUntilTheEnd + "a follower's node of the source"] = cluster => CrashOf(cluster, MovingCluster.Source, isPrimary: false),
        [AwayUntilTheEnd + "a follower's node of the target"] = cluster => CrashOf(cluster, MovingCluster.Target, isPrimary: false),
    };

    private const string AwayUntilTheEnd = "until the move is over ";

    /// <summary>What an operator may want instead, in the middle of a move.</summary>
    private static readonly SortedDictionary<string, RegionId[]> Orders = new(StringComparer.Ordinal)
    {
        ["all as it was"] = [MovingCluster.Source, MovingCluster.Third],
        ["everywhere"] = [MovingCluster.Source, MovingCluster.Third, MovingCluster.Target],
        ["elsewhere"] = [MovingCluster.Target],
    };

    [Fact]
    public void At_whichever_boundary_something_else_is_wanted_it_comes_to_that()
    {
        var boundaries = MoveBoundaries.Of(Seed, Begin);
        var cases = from at in boundaries.Select(boundary => boundary.Event).Distinct() from order in Orders.Keys select (At: at, Name: order);
        All(boundaries, cases, strike =>
        {
            using var move = RunTo(strike.At);
            move.MoveTo(Orders[strike.Name]);
            move.RunUntilSettled();
            move.MustHaveLostNothing();
            move.Placement.Writers.Should().Equal(Orders[strike.Name]);
        });
    }

    [Fact]
    public void It_goes_there_and_back_again()
    {
        using var move = new MovingCluster(Seed);
        for (var time = 0; time < 2; time++)
        {
            Begin(move);
            move.RunUntilSettled();
            move.Cluster.Run(TimeSpan.FromSeconds(1));
            move.MoveTo(MovingCluster.Source, MovingCluster.Third);
            move.RunUntilSettled();
            move.Cluster.Run(TimeSpan.FromSeconds(1));
        }
        move.MustHaveLostNothing();
    }

    [Fact]
    public void Whoever_fails_at_whichever_boundary_the_move_ends_and_nothing_is_wrong()
    {
        var boundaries = MoveBoundaries.Of(Seed, Begin);
        var events = boundaries.SelectMany(boundary => new[] { boundary.Event - 1, boundary.Event }).Distinct();
        var cases = from at in events from party in Parties.Keys select (At: at, Name: party);
        All(boundaries, cases, strike => Strike(strike.At, Parties[strike.Name], strike.Name));
    }

    private static void Begin(MovingCluster move) => move.MoveTo(MovingCluster.Third, MovingCluster.Target);

    private static MovingCluster RunTo(long at)
    {
        var move = new MovingCluster(Seed);
        Begin(move);
        move.Cluster.RunUntil(() => move.Cluster.EventsHandled >= at, TimeSpan.FromMinutes(1));
        return move;
    }

    private void All(IReadOnlyList<MoveBoundary> boundaries, IEnumerable<(long At, string Name)> cases, Action<(long At, string Name)> history)
    {
        var (all, failures) = (cases.ToList(), new ConcurrentBag<string>());
        Parallel.ForEach(all, strike =>
        {
            if (Record.Exception(() => history(strike)) is { } failure)
                failures.Add($"{strike.Name} at event {strike.At} ({NameOf(boundaries, strike.At)}): {failure.Message}");
        });
        output.WriteLine($"{boundaries.Count} boundaries, {all.Count} histories");
        failures.Order().Should().BeEmpty();
    }

    private static void Strike(long at, Func<SimulatedCluster, IFault> party, string name)
    {
        using var move = RunTo(at);
        using (party(move.Cluster))
        {
            if (name.StartsWith(AwayUntilTheEnd, StringComparison.Ordinal))
                move.RunUntilSettled();
            else
                move.Cluster.Run(TimeSpan.FromSeconds(1.2));
        }
        move.RunUntilSettled();
        move.MustHaveLostNothing();
    }

    private static NodeCrash CrashOf(SimulatedCluster cluster, RegionId region, bool isPrimary)
    {
        var primary = cluster.PrimaryOf(region, new ShardId(0))!.Self.Replica;
        var replica = isPrimary ? primary : new ReplicaId((byte)((primary.Number + 1) % cluster.Topology.ReplicaCount));
        return new NodeCrash(cluster, new NodeId(region, replica));
    }

    private static string NameOf(IReadOnlyList<MoveBoundary> boundaries, long at) => string.Join(", ",
        from boundary in boundaries
        where boundary.Event - at is 0 or 1
        select $"{(boundary.Event == at ? "after" : "before")} {boundary.Name}");
}
