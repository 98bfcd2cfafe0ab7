namespace Tidal.Schema;

/// <summary>
/// What the cluster is made of: the names of its regions (in order of their ids), the shards of a region and the
/// replicas of a shard. Immutable and safe to share between threads.
/// </summary>
public sealed class Topology
{
    private readonly string[] _regions;

    /// <summary>Describes a cluster.</summary>
    /// <param name="regions">Region names, in order of their ids; distinct, not empty.</param>
    /// <param name="shards">Shards a region, 1 to 4,096.</param>
    /// <param name="replicas">Replicas of each shard in each region: 1 (a single node), 3 or 5.</param>
    /// <exception cref="TopologyException">A name is empty or used twice, or a number is outside its bounds.</exception>
    public Topology(IReadOnlyList<string> regions, int shards, int replicas)
    {
        ArgumentNullException.ThrowIfNull(regions);
        if (regions.Count is 0 or > 64)
            throw new TopologyException($"A cluster has 1 to 64 regions, not {regions.Count}.");
        if (regions.Any(string.IsNullOrWhiteSpace))
            throw new TopologyException("A region has no name.");
        if (regions.Distinct(StringComparer.Ordinal).Count() != regions.Count)
            throw new TopologyException($"A region's name is used twice: {string.Join(", ", regions)}.");
        if (shards is < 1 or > 4096)
            throw new TopologyException($"A region has 1 to 4,096 shards, not {shards}.");
        if (replicas is not (1 or 3 or 5))
            throw new TopologyException($"A shard has 1, 3 or 5 replicas in a region, not {replicas}.");
        _regions = [.. regions];
        ShardCount = shards;
        ReplicaCount = replicas;
    }

    /// <summary>Regions.</summary>
    public int RegionCount => _regions.Length;

    /// <summary>Shards in each region.</summary>
    public int ShardCount { get; }

    /// <summary>Replicas of each shard in each region.</summary>
    public int ReplicaCount { get; }

    /// <summary>How many replicas of a shard make a quorum of its region.</summary>
    public int Quorum => ReplicaCount / 2 + 1;

    /// <summary>The regions in order of their ids.</summary>
    public IEnumerable<RegionId> Regions => Enumerable.Range(0, _regions.Length).Select(ordinal => new RegionId((ushort)ordinal));

    /// <summary>The shards in order of their numbers.</summary>
    public IEnumerable<ShardId> Shards => Enumerable.Range(0, ShardCount).Select(number => new ShardId((ushort)number));

    /// <summary>The replica places of a shard in order of their numbers.</summary>
    public IEnumerable<ReplicaId> Replicas => Enumerable.Range(0, ReplicaCount).Select(number => new ReplicaId((byte)number));

    /// <summary>A region's name.</summary>
    /// <param name="region">One of this topology's regions.</param>
    public string NameOf(RegionId region) => _regions[region.Ordinal];

    /// <summary>The region of a name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <exception cref="TopologyException">No region has that name.</exception>
    public RegionId Region(string name) =>
        TryFindRegion(name, out var region)
            ? region
            : throw new TopologyException($"There is no region '{name}'; the regions are {string.Join(", ", _regions)}.");

    /// <summary>Looks a region up by name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <param name="region">The region, when the answer is true.</param>
    public bool TryFindRegion(string name, out RegionId region)
    {
        var ordinal = Array.IndexOf(_regions, name);
        region = new RegionId((ushort)Math.Max(ordinal, 0));
        return ordinal >= 0;
    }
}

/// <summary>A cluster was described wrongly, or asked for a region that it does not have.</summary>
public sealed class TopologyException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong and what was expected.</param>
    public TopologyException(string message)
        : base(message)
    {
    }
}
