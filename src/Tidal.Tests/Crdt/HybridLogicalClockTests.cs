using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Tests.Crdt;

public sealed class HybridLogicalClockTests
{
    private const long Noon = 1_700_000_000_000;

    [Fact]
    public void Readings_grow_whatever_the_wall_clock_does() =>
        SeededProperty.HoldsFor(random =>
        {
            var (clock, wall, last) = (new HybridLogicalClock(), Noon, HlcTimestamp.Zero);
            for (var step = 0; step < 200; step++)
            {
                wall = RandomWall(random, wall);
                var reading = random.Chance(0.3) ? clock.Receive(RandomStamp(random), wall) : clock.Now(wall);
                reading.Should().BeGreaterThan(last);
                reading.UnixMilliseconds.Should().BeGreaterThanOrEqualTo(Math.Max(wall, 0));
                clock.Last.Should().Be(last = reading);
            }
        }, cases: 100);

    [Fact]
    public void What_is_received_comes_before_what_is_read_next() =>
        SeededProperty.HoldsFor(random =>
        {
            var clock = new HybridLogicalClock();
            var before = clock.Now(Noon + random.Next(-1000, 1000));
            var received = RandomStamp(random);
            var reading = clock.Receive(received, Noon);
            reading.Should().BeGreaterThan(received).And.BeGreaterThan(before);
            // No further ahead than it must be: the wall clock, or one more than the greatest known.
            var greatest = Math.Max(received.Packed, before.Packed);
            reading.Packed.Should().Be(Math.Max(greatest + 1, (ulong)Noon << 16));
        });

    [Fact]
    public void A_reading_follows_a_wall_clock_that_moves_on()
    {
        var clock = new HybridLogicalClock();
        clock.Now(Noon).Should().Be(HlcTimestamp.FromUnixMilliseconds(Noon));
        clock.Now(Noon).Counter.Should().Be(1);
        clock.Now(Noon - 5_000).Counter.Should().Be(2);
        clock.Now(Noon + 1).Should().Be(HlcTimestamp.FromUnixMilliseconds(Noon + 1));
    }

    [Fact]
    public void The_counter_carries_over_into_the_milliseconds()
    {
        var clock = new HybridLogicalClock();
        clock.Observe(new HlcTimestamp(((ulong)Noon << 16) | 0xFFFF));
        var reading = clock.Now(Noon);
        (reading.UnixMilliseconds, reading.Counter).Should().Be((Noon + 1, 0));
        clock.Now(Noon + 1).Counter.Should().Be(1);
    }

    [Fact]
    public void What_is_observed_advances_the_clock_and_never_sets_it_back()
    {
        var clock = new HybridLogicalClock();
        clock.Observe(HlcTimestamp.FromUnixMilliseconds(Noon));
        clock.Observe(HlcTimestamp.FromUnixMilliseconds(Noon - 1));
        clock.Last.Should().Be(HlcTimestamp.FromUnixMilliseconds(Noon));
        clock.Now(-7).Should().BeGreaterThan(HlcTimestamp.FromUnixMilliseconds(Noon));
    }

    [Fact]
    public void A_timestamp_packs_milliseconds_above_a_counter()
    {
        var stamp = new HlcTimestamp(((ulong)Noon << 16) | 513);
        (stamp.UnixMilliseconds, stamp.Counter).Should().Be((Noon, 513));
        stamp.ToString().Should().Be("1700000000000.513");
        var last = HlcTimestamp.FromUnixMilliseconds((1L << 48) - 1);
        (last.UnixMilliseconds, last.Counter).Should().Be(((1L << 48) - 1, 0));
        (stamp < last && stamp <= last && last > stamp && last >= stamp).Should().BeTrue();
        (last < stamp || last <= stamp || stamp > last || stamp >= last).Should().BeFalse();
        stamp.CompareTo(last).Should().BeNegative();
    }

    private static long RandomWall(DeterministicRandom random, long wall) => random.Next(5) switch
    {
        0 => wall,
        1 => wall - random.Next(0, 100_000),
        2 => wall + random.Next(0, 100_000),
        3 => random.Next(-1_000, 2 * Noon),
        _ => wall + 1,
    };

    private static HlcTimestamp RandomStamp(DeterministicRandom random) =>
        new(((ulong)(Noon + random.Next(-2_000, 2_000)) << 16) | (random.Chance(0.3) ? 0xFFFF : (ulong)random.Next(0x10000)));
}
