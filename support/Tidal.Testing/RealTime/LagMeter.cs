using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>
/// Measures replication between regions: for each signal the time from its commit in the region that accepted it to its commit in
/// each other one, as the replicas' own threads see them. What was committed while the two regions could not hear each other is
/// left out: that it comes late is the partition's doing. Safe for use by several threads.
/// </summary>
public sealed class LagMeter
{
    private readonly Topology _topology;
    private readonly Stream[] _streams;
    private readonly long[,] _openSince;
    private volatile Histogram _window = new();

    internal LagMeter(Topology topology, int tenants)
    {
        _topology = topology;
        _streams = [.. Enumerable.Range(0, tenants * topology.ShardCount * topology.RegionCount).Select(_ => new Stream(topology.RegionCount))];
        _openSince = new long[topology.RegionCount, topology.RegionCount];
    }

    /// <summary>What was measured since the last call, or the beginning; a new measurement begins.</summary>
    public Histogram TakeWindow() => Interlocked.Exchange(ref _window, new Histogram());

    /// <summary>Two regions cannot hear each other from now on.</summary>
    internal void Parted(RegionId from, RegionId to) => OpenSince(from, to, long.MaxValue);

    /// <summary>Two regions can hear each other from now on.</summary>
    internal void Joined(RegionId from, RegionId to, long nowMicroseconds) => OpenSince(from, to, nowMicroseconds);

    /// <summary>A replica has committed something.</summary>
    internal void OnCommitted(ShardReplica replica, long nowMicroseconds)
    {
        foreach (var (tenant, held) in replica.State.Tenants)
        {
            foreach (var (origin, log) in held.Origins)
                OnCommitted(StreamOf(tenant, replica.Self.Shard, origin), origin, replica.Self.Region, log.Mark.Number, nowMicroseconds);
        }
    }

    private void OnCommitted(Stream stream, RegionId origin, RegionId region, ulong number, long now)
    {
        // Not locked: what is seen too late here, another replica of the region sees.
        if (number <= Volatile.Read(ref stream.Reached[region.Ordinal]))
            return;
        lock (stream)
        {
            if (number <= stream.Reached[region.Ordinal])
                return;
            if (region == origin)
                stream.Commits.Add(new Commit(number, number - stream.Reached[region.Ordinal], now));
            else
                Measure(stream, origin, region, number, now);
            Volatile.Write(ref stream.Reached[region.Ordinal], number);
        }
    }

    private void Measure(Stream stream, RegionId origin, RegionId region, ulong number, long now)
    {
        ref var next = ref stream.Next[region.Ordinal];
        for (; next < stream.Commits.Count && stream.Commits[next].Number <= number; next++)
        {
            var commit = stream.Commits[next];
            if (commit.At >= Volatile.Read(ref _openSince[origin.Ordinal, region.Ordinal]))
                _window.Add(now - commit.At, (long)commit.Records);
        }
    }

    private void OpenSince(RegionId from, RegionId to, long microseconds)
    {
        Volatile.Write(ref _openSince[from.Ordinal, to.Ordinal], microseconds);
        Volatile.Write(ref _openSince[to.Ordinal, from.Ordinal], microseconds);
    }

    private Stream StreamOf(TenantId tenant, ShardId shard, RegionId origin) =>
        _streams[(((int)tenant.Number - 1) * _topology.ShardCount + shard.Number) * _topology.RegionCount + origin.Ordinal];

    /// <summary>A step of an origin's log in its own region.</summary>
    private readonly record struct Commit(ulong Number, ulong Records, long At);

    /// <summary>An origin's log of a tenant in a shard: how far each region has committed it.</summary>
    private sealed class Stream(int regions)
    {
        public List<Commit> Commits { get; } = [];

        public ulong[] Reached { get; } = new ulong[regions];

        public int[] Next { get; } = new int[regions];
    }
}
