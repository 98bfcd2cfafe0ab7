using System.Numerics;

namespace Tidal.Testing;

/// <summary>
/// Counts durations in buckets of fixed bounds, each at most 1/64 wider than its lower bound (the idea of Gil Tene's HdrHistogram):
/// percentiles are told by the upper bound of their bucket, so never too low. From 0 to over an hour in microseconds.
/// Safe for use by several threads.
/// </summary>
public sealed class Histogram
{
    private const int SubBuckets = 64;
    private const int Magnitudes = 27;

    private readonly long[] _counts = new long[SubBuckets * Magnitudes];
    private long _max;

    /// <summary>How many durations were counted.</summary>
    public long Count => _counts.Sum();

    /// <summary>The longest.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref _max));

    /// <summary>Counts a duration.</summary>
    /// <param name="microseconds">The duration; below 0 it counts as 0.</param>
    /// <param name="times">How often.</param>
    public void Add(long microseconds, long times = 1)
    {
        var value = Math.Max(0, microseconds);
        Interlocked.Add(ref _counts[Math.Min(BucketOf(value), _counts.Length - 1)], times);
        for (var max = Volatile.Read(ref _max); value > max;)
            max = Interlocked.CompareExchange(ref _max, value, max) is var seen && seen == max ? value : seen;
    }

    /// <summary>Counts all that another one has counted.</summary>
    /// <param name="other">The other.</param>
    public void Add(Histogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            Interlocked.Add(ref _counts[bucket], Volatile.Read(ref other._counts[bucket]));
        _max = Math.Max(_max, Volatile.Read(ref other._max));
    }

    /// <summary>The duration that a part of all does not exceed; zero when none was counted.</summary>
    /// <param name="part">Which part: 0.99 for the 99th percentile.</param>
    public TimeSpan At(double part)
    {
        var (wanted, seen) = (Math.Max(1, (long)Math.Ceiling(part * Count)), 0L);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += Volatile.Read(ref _counts[bucket]);
            if (seen >= wanted)
                return TimeSpan.FromMicroseconds(Math.Min(UpperBoundOf(bucket), Volatile.Read(ref _max)));
        }
        return TimeSpan.Zero;
    }

    /// <summary>How many durations were counted that lie between two, in microseconds, as near as buckets tell: the upper bound decides.</summary>
    /// <param name="from">The shorter; what is as long is counted.</param>
    /// <param name="to">The longer; what is as long is not.</param>
    public long CountBetween(double from, double to)
    {
        var count = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            var bound = Math.Min(UpperBoundOf(bucket), Volatile.Read(ref _max));
            if (bound >= from && bound < to)
                count += Volatile.Read(ref _counts[bucket]);
        }
        return count;
    }

    // Up to 63 a bucket each; from there on 64 buckets to each doubling.
    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - 6);
        return shift * SubBuckets + (int)(value >> shift);
    }

    private static long UpperBoundOf(int bucket)
    {
        var shift = Math.Max(0, bucket / SubBuckets - 1);
        return ((long)(bucket - shift * SubBuckets) + 1 << shift) - 1;
    }
}
