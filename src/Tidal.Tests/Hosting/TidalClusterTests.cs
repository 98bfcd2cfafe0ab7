using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What a cluster in real time does for its clients.</summary>
[Collection(InRealTime.Name)]
public sealed class TidalClusterTests
{
    [Fact]
    public async Task Writes_reach_every_replica_of_every_region()
    {
        await using var cluster = await StartAsync(Options(regions: 3, shards: 2));
        foreach (var region in cluster.Topology.Regions)
            await cluster.Client(region).SignalAsync("ana", "view", "song");
        await cluster.UntilCounted("song", 3);
        cluster.MessagesDropped.Should().Be(0);
    }
}
