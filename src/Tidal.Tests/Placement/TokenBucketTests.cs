using Tidal.Placement;

namespace Tidal.Tests.Placement;

/// <summary>A rate with a burst, to the last millionth of a token.</summary>
public sealed class TokenBucketTests
{
    [Fact]
    public void A_full_bucket_gives_its_burst_at_once_and_then_says_how_long_to_wait()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 3, now: 0);
        TakenAt(bucket, 0, of: 3).Should().Be(3);
        bucket.TryTake(0, out var missing).Should().BeFalse();
        missing.Should().Be(TimeSpan.FromMilliseconds(100));
        bucket.TryTake(99_999, out missing).Should().BeFalse();
        missing.Should().Be(TimeSpan.FromMicroseconds(1));
        bucket.TryTake(100_000, out missing).Should().BeTrue();
        missing.Should().BeNull();
    }

    [Fact]
    public void Whoever_waits_as_told_is_taken() => SeededProperty.HoldsFor(random =>
    {
        var bucket = new TokenBucket(1 + random.Next(3000), 1 + random.Next(5), 0);
        for (var (now, turn) = (0L, 0); turn < 50; turn++)
        {
            if (!bucket.TryTake(now, out var missing))
                bucket.TryTake(now += missing!.Value.Ticks / TimeSpan.TicksPerMicrosecond, out _).Should().BeTrue();
            now += random.Next(1000);
        }
    });

    [Fact]
    public void However_often_it_is_looked_at_no_more_comes_than_the_rate_and_the_burst_and_no_less() => SeededProperty.HoldsFor(random =>
    {
        var (perSecond, burst) = (1 + random.Next(500), 2 + random.Next(20));
        var bucket = new TokenBucket(perSecond, burst, 0);
        var (now, taken) = (0L, 0);
        while (now < 2_000_000)
        {
            while (bucket.TryTake(now, out _))
                taken++;
            now = Math.Min(2_000_000, now + 1 + random.Next(999));
        }
        while (bucket.TryTake(now, out _))
            taken++;
        taken.Should().Be((2 * perSecond) + burst);
    });

    [Fact]
    public void After_a_long_rest_there_is_the_burst_and_no_more()
    {
        var bucket = new TokenBucket(1_000_000_000, 2, 0);
        bucket.TryTake(0, out _);
        const long Century = 3_000_000_000_000_000;
        TakenAt(bucket, Century).Should().Be(2);
    }

    [Fact]
    public void Another_rate_counts_from_now_on()
    {
        var bucket = new TokenBucket(perSecond: 1, burst: 1, now: 0);
        bucket.TryTake(0, out _);
        bucket.Change(perSecond: 1000, burst: 5, now: 500_000);
        bucket.TryTake(500_000, out var missing).Should().BeFalse();
        missing.Should().Be(TimeSpan.FromMicroseconds(500), "half a token came at the old rate");
        TakenAt(bucket, 1_000_000).Should().Be(5);
        bucket.Change(perSecond: 1000, burst: 1, now: 2_000_000);
        TakenAt(bucket, 2_000_000).Should().Be(1, "what is kept is no more than the new burst");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void A_bucket_that_never_fills_promises_nothing(int perSecond, int burst)
    {
        var bucket = new TokenBucket(perSecond, burst, 0);
        TakenAt(bucket, 0).Should().Be(burst);
        bucket.TryTake(1_000_000, out var missing).Should().BeFalse();
        missing.Should().BeNull();
    }

    [Fact]
    public void A_clock_that_stands_still_or_goes_back_brings_nothing()
    {
        var bucket = new TokenBucket(1000, 1, now: 1_000_000);
        bucket.TryTake(1_000_000, out _).Should().BeTrue();
        bucket.TryTake(0, out _).Should().BeFalse();
        bucket.TryTake(1_000_999, out _).Should().BeFalse();
        bucket.TryTake(1_001_000, out _).Should().BeTrue();
    }

    private static int TakenAt(TokenBucket bucket, long now, int of = 9) => Enumerable.Range(0, of).Count(_ => bucket.TryTake(now, out TimeSpan? _));
}
