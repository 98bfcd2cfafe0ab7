using Tidal.Schema;

namespace Tidal.Tests.Schema;

public sealed class TopologyTests
{
    private static readonly string[] Three = ["us-east", "eu-west", "ap-south"];

    public static TheoryData<string?[], int, int, string> Refusals => new()
    {
        { [], 5, 3, "A cluster has 1 to 64 regions, not 0." },
        { [.. Enumerable.Range(0, 65).Select(number => $"r{number}")], 5, 3, "A cluster has 1 to 64 regions, not 65." },
        { ["a", " "], 5, 3, "A region has no name." },
        { ["a", null], 5, 3, "A region has no name." },
        { ["a", "b", "a"], 5, 3, "A region's name is used twice: a, b, a." },
        { ["a"], 0, 3, "A region has 1 to 4,096 shards, not 0." },
        { ["a"], 4097, 3, "A region has 1 to 4,096 shards, not 4097." },
        { ["a"], 5, 0, "A shard has 1, 3 or 5 replicas in a region, not 0." },
        { ["a"], 5, 2, "A shard has 1, 3 or 5 replicas in a region, not 2." },
        { ["a"], 5, 7, "A shard has 1, 3 or 5 replicas in a region, not 7." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_is_refused_and_the_reason_said(string?[] regions, int shards, int replicas, string message) =>
        FluentActions.Invoking(() => new Topology(regions!, shards, replicas)).Should().Throw<TopologyException>().WithMessage(message);

    [Fact]
    public void A_topology_lists_its_parts_in_order()
    {
        var topology = new Topology(Three, 5, 3);
        topology.Regions.Select(topology.NameOf).Should().Equal(Three);
        topology.Shards.Select(shard => (int)shard.Number).Should().Equal(0, 1, 2, 3, 4);
        topology.Replicas.Select(replica => (int)replica.Number).Should().Equal(0, 1, 2);
        (topology.RegionCount, topology.ShardCount, topology.ReplicaCount).Should().Be((3, 5, 3));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    public void A_quorum_is_more_than_half(int replicas, int quorum) =>
        new Topology(Three, 4096, replicas).Quorum.Should().Be(quorum);

    [Fact]
    public void A_region_is_found_by_its_name()
    {
        var topology = new Topology(Three, 5, 3);
        topology.Region("ap-south").Should().Be(new RegionId(2));
        topology.TryFindRegion("EU-WEST", out _).Should().BeFalse();
        topology.Invoking(described => described.Region("mars")).Should().Throw<TopologyException>()
            .WithMessage("There is no region 'mars'; the regions are us-east, eu-west, ap-south.");
    }
}
