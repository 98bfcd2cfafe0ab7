using System.Globalization;
using Tidal.Replication.Reconciling;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Tests.Simulation;

/// <summary>
/// Heals under random histories: whatever came and went before, once nothing is cut off any more every plan is carried out
/// within a bound and the regions hold the same; and what the reports tell is what was missing.
/// </summary>
public sealed class HealHistories
{
    private static readonly TimeSpan HealBound = TimeSpan.FromSeconds(5);

    [Fact]
    public void Every_plan_is_carried_out_once_the_partitions_are_over() => ForEachSeed(40, seed =>
    {
        using var cluster = Clusters.Found(regions: 3, seed);
        var random = new DeterministicRandom(seed);
        var clients = cluster.Topology.Regions.Select(cluster.NewClient).ToList();
        var (faults, writes) = (new List<IFault>(), new List<Task>());
        for (var step = 0; step < 30; step++)
            Step(cluster, random, clients, faults, writes);
        faults.ForEach(fault => fault.Dispose());
        bool IsOver() => writes.TrueForAll(write => write.IsCompleted) && cluster.HasAllPrimaries && cluster.IsQuiet && !OpenPlans(cluster).Any();
        cluster.RunUntil(IsOver, HealBound + TimeSpan.FromSeconds(5)).Should().BeTrue($"seed {seed}");
        PlansOfBothSidesAreTheSame(cluster, seed);
    });

    [Fact]
    public void The_reports_tell_what_was_missing() => ForEachSeed(40, seed =>
    {
        using var cluster = Clusters.Found(regions: 2, seed);
        var random = new DeterministicRandom(seed);
        Clusters.Write(cluster, Clusters.East);
        Clusters.Write(cluster, Clusters.West);
        cluster.RunUntilQuiet(Clusters.Patience).Should().BeTrue();
        using (var partition = NetworkPartition.Between(cluster, Clusters.East, Clusters.West))
        {
            cluster.Run(TimeSpan.FromMilliseconds(1500 + random.Next(2000)));
            Clusters.Write(cluster, Clusters.East, random.Next(20));
            Clusters.Write(cluster, Clusters.West, 1 + random.Next(20));
        }
        var missing = new[] { Missing(cluster, Clusters.East, Clusters.West), Missing(cluster, Clusters.West, Clusters.East) };
        cluster.RunUntil(() => cluster.History.Reconciliations.Count == 2, HealBound).Should().BeTrue($"seed {seed}");
        cluster.History.Reconciliations.OrderBy(report => report.Region).Select(report => report.RecordsTaken).Should().Equal(missing, $"seed {seed}");
        cluster.History.Reconciliations.OrderBy(report => report.Region).Select(report => report.RecordsGiven).Should().Equal(missing.Reverse(), $"seed {seed}");
    });

    private static void Step(
        SimulatedCluster cluster, DeterministicRandom random, List<ClusterClient> clients, List<IFault> faults, List<Task> writes)
    {
        switch (random.Next(8))
        {
            case < 3:
                var client = clients[random.Next(clients.Count)];
                for (var number = random.Next(6); number >= 0; number--)
                    writes.Add(client.WriteAsync(Clusters.Signal(cluster), TimeSpan.FromMilliseconds(50)));
                break;
            case 3 when !faults.OfType<ShardCrash>().Any():
                var region = RandomRegion(cluster, random);
                if (cluster.PrimaryOf(region, Clusters.Shard) is not null && cluster.Replicas(region, Clusters.Shard).All(replica => replica.Raft.IsVoter))
                    faults.Add(ShardCrash.OfPrimary(cluster, region, Clusters.Shard, (DiskFate)random.Next(3)));
                break;
            case < 6:
                faults.Add(Partition(cluster, random));
                break;
            default:
                if (faults.Count == 0)
                    break;
                var place = random.Next(faults.Count);
                faults[place].Dispose();
                faults.RemoveAt(place);
                break;
        }
        // Sometimes just as long as a heal takes, so that the next step strikes in the middle of it.
        cluster.Run(TimeSpan.FromMilliseconds(random.Chance(0.5) ? random.Next(300) : 1000 + random.Next(1000)));
    }

    private static NetworkPartition Partition(SimulatedCluster cluster, DeterministicRandom random)
    {
        var first = RandomRegion(cluster, random);
        var second = new RegionId((ushort)((first.Ordinal + 1 + random.Next(2)) % 3));
        return random.Next(3) switch
        {
            0 => NetworkPartition.Isolate(cluster, first),
            1 => NetworkPartition.Between(cluster, first, second),
            _ => NetworkPartition.OneWay(cluster, first, second),
        };
    }

    // A report is of one plan unless it was interrupted: then each side may have been so at another moment.
    private static void PlansOfBothSidesAreTheSame(SimulatedCluster cluster, ulong seed)
    {
        var whole = cluster.History.Reconciliations.Where(report => report.Interruptions == 0).ToList();
        foreach (var report in whole.Where(report => report.Region.CompareTo(report.Peer) < 0))
        {
            var other = whole.FirstOrDefault(other => other.Region == report.Peer && other.Peer == report.Region && (other.Began - report.Began).Duration() < TimeSpan.FromMilliseconds(200));
            if (other is not null)
                other.Plan.Should().Be(report.Plan, $"seed {seed}");
        }
    }

    private static IEnumerable<MergePlan> OpenPlans(SimulatedCluster cluster) =>
        cluster.Topology.Regions.SelectMany(region => cluster.PrimaryOf(region, Clusters.Shard)!.MergePlans);

    private static ulong Missing(SimulatedCluster cluster, RegionId region, RegionId peer)
    {
        ulong Held(RegionId by) => cluster.PrimaryOf(by, Clusters.Shard)!.StateOfMarks(TenantId.First).HoldingOf(peer).Mark.Number;
        return Held(peer) - Held(region);
    }

    private static RegionId RandomRegion(SimulatedCluster cluster, DeterministicRandom random) => new((ushort)random.Next(cluster.Topology.RegionCount));

    private static void ForEachSeed(int count, Action<ulong> history)
    {
        var replayed = Environment.GetEnvironmentVariable("TIDAL_SEED");
        var first = replayed is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(replayed, CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable("TIDAL_HISTORIES") is { } histories)
            count = int.Parse(histories, CultureInfo.InvariantCulture);
        Parallel.For(0, replayed is null ? count : 1, place =>
        {
            var seed = first + (ulong)place;
            try
            {
                history(seed);
            }
            catch (Exception failure)
            {
                throw new Xunit.Sdk.XunitException($"TIDAL_SEED={seed} dotnet test support/Tidal.Testing.Tests --filter FullyQualifiedName~{nameof(HealHistories)} replays it: {failure.Message}", failure);
            }
        });
    }
}
