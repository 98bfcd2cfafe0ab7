using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing;

/// <summary>How messages travel between two regions, or inside one. Immutable.</summary>
/// <param name="Latency">The shortest time from sending to arrival.</param>
/// <param name="Jitter">Up to how much longer it may take, drawn for each message: messages may overtake each other.</param>
/// <param name="Loss">How likely a message is lost, 0 to 1.</param>
/// <param name="Duplication">How likely a message arrives twice, 0 to 1.</param>
public sealed record LinkOptions(TimeSpan Latency, TimeSpan Jitter, double Loss = 0, double Duplication = 0);

/// <summary>What a cluster is made of. Links and disks are those of a simulated one. Immutable.</summary>
public sealed record ClusterOptions
{
    /// <summary>The acceptance topology: us-east, eu-west and ap-south, 5 shards, 3 replicas.</summary>
    public static readonly Topology AcceptanceTopology = new(["us-east", "eu-west", "ap-south"], shards: 5, replicas: 3);

    /// <summary>Decides everything that varies: latencies, losses, election timeouts, torn writes. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The regions, shards and replicas.</summary>
    public Topology Topology { get; init; } = AcceptanceTopology;

    /// <summary>What a tenant counts that says nothing else.</summary>
    public required SignalSchema Schema { get; init; }

    /// <summary>The tenants, numbered from 1 in this order. Default: one of the name "first", in all regions.</summary>
    public IReadOnlyList<ClusterTenant> Tenants { get; init; } = [new ClusterTenant("first")];

    /// <summary>The times and bounds of replication.</summary>
    public ReplicationOptions Replication { get; init; } = new();

    /// <summary>The times and bounds of the gateways.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>The times and bounds of the control plane.</summary>
    public ControlPlaneOptions ControlPlane { get; init; } = new();

    /// <summary>The wall clock at the beginning. Default 12 September 2015, 00:00 UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2015, 9, 12, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How messages travel inside a region. Default 0.25 ms and up to 0.1 ms more.</summary>
    public LinkOptions LocalLink { get; init; } = new(TimeSpan.FromMicroseconds(250), TimeSpan.FromMicroseconds(100));

    /// <summary>How messages travel between two regions, by their names; asked once for each pair, both ways alike.</summary>
    public Func<string, string, LinkOptions> RegionLink { get; init; } = DistanceBetween;

    /// <summary>The shortest time that a flush takes. Default 0.1 ms; up to as much again is drawn for each.</summary>
    public TimeSpan FlushLatency { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Latencies as between the acceptance regions: 40 ms across the Atlantic, 80 and 60 ms to South Asia.</summary>
    private static LinkOptions DistanceBetween(string first, string second)
    {
        var pair = string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);
        var milliseconds = pair switch
        {
            ("eu-west", "us-east") => 40,
            ("ap-south", "us-east") => 80,
            ("ap-south", "eu-west") => 60,
            _ => 50,
        };
        return new LinkOptions(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds * 0.05));
    }
}
