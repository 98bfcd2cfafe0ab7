using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>How far behind the region is that is furthest behind another, at a time. Immutable.</summary>
/// <param name="TimeMicroseconds">When it was looked at, in microseconds since the cluster was founded.</param>
/// <param name="Age">How long ago the oldest was committed that the one region lacks of the other; zero when none lacks anything.</param>
/// <param name="Origin">The region in which that was accepted.</param>
/// <param name="Target">The region that lacks it.</param>
public readonly record struct LagSample(long TimeMicroseconds, TimeSpan Age, RegionId Origin, RegionId Target);

/// <summary>
/// Looks from time to time at what the gauges of a simulated cluster say. Bounded: when there is no room for another sample, each two
/// become the worse of them, and it looks half as often from then on. Not safe for use by several threads.
/// </summary>
/// <param name="cluster">The cluster.</param>
public sealed class LagWatch(SimulatedCluster cluster) : IClusterWatch
{
    /// <summary>Samples kept.</summary>
    public const int SamplesMax = 240;

    private readonly List<LagSample> _samples = [];
    private long _intervalMicroseconds = 250_000;
    private long _next;

    /// <summary>What was seen, in order.</summary>
    public IReadOnlyList<LagSample> Samples => _samples;

    /// <inheritdoc/>
    public void OnStepped(ShardReplica replica)
    {
        var now = cluster.NowMicroseconds;
        if (now < _next)
            return;
        _next = now + _intervalMicroseconds;
        if (_samples.Count == SamplesMax)
            Halve();
        _samples.Add(Look(now));
    }

    private LagSample Look(long now)
    {
        var worst = new LagSample(now, TimeSpan.Zero, default, default);
        foreach (var lag in cluster.Lags)
        {
            if (lag.Age > worst.Age)
                worst = worst with { Age = lag.Age, Origin = lag.Origin, Target = lag.Target };
        }
        return worst;
    }

    private void Halve()
    {
        _intervalMicroseconds *= 2;
        for (var pair = 0; pair < SamplesMax / 2; pair++)
            _samples[pair] = _samples[2 * pair].Age > _samples[2 * pair + 1].Age ? _samples[2 * pair] : _samples[2 * pair + 1];
        _samples.RemoveRange(SamplesMax / 2, SamplesMax / 2);
    }
}
