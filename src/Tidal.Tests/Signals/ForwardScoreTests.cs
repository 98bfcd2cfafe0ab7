using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

/// <summary>The decayed sum against the formula, which <see cref="Exact"/> works out term by term.</summary>
public sealed class ForwardScoreTests
{
    private const long Noon = 1_700_000_000_000;
    private const long Day = 86_400_000;
    private const long TenYears = 3_652 * Day;
    private const double ErrorMax = 1e-12;

    private readonly record struct Event(double Weight, long Time);

    [Fact]
    public void A_sum_is_right_to_1e_12_whatever_the_events_and_their_order() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var halfLife = RandomHalfLife(random);
                var events = RandomEvents(random, 1 + random.Next(200), halfLife);
                var time = Noon + random.Next(-3 * halfLife, 20 * halfLife);
                Exactly(events, time, halfLife).RelativeErrorOf(Sum(events, halfLife).At(time, halfLife)).Should().BeLessThan(ErrorMax);
            },
            cases: 150);

    [Fact]
    public void Ten_thousand_events_are_right_to_1e_12() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var halfLife = RandomHalfLife(random);
                var events = RandomEvents(random, 10_000, halfLife);
                Exactly(events, Noon, halfLife).RelativeErrorOf(Sum(events, halfLife).At(Noon, halfLife)).Should().BeLessThan(ErrorMax);
            },
            cases: 3);

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.1)]
    [InlineData(1.9999999)]
    public void A_burst_of_ten_thousand_equal_events_is_right_to_1e_12(double weight)
    {
        // Equal terms round the same way every time: the worst that a sum can meet.
        var random = new DeterministicRandom(7);
        for (var round = 0; round < 10; round++)
        {
            var halfLife = RandomHalfLife(random);
            var burst = new Event(weight, Noon - random.Next(0, halfLife));
            var events = Enumerable.Repeat(burst, 10_000).ToArray();
            var exact = Exactly([burst], Noon, halfLife).Times(Exact.Of(10_000));
            exact.RelativeErrorOf(Sum(events, halfLife).At(Noon, halfLife)).Should().BeLessThan(ErrorMax);
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(1e-310)]
    [InlineData(double.Epsilon)]
    public void One_event_of_any_weight_is_read_back_at_its_time(double weight)
    {
        var score = ForwardScore.Zero.Plus(weight, Noon, Day);
        score.At(Noon, Day).Should().BeApproximately(weight, weight * 1e-15);
        score.Mantissa.Should().BeInRange(1, 4);
    }

    [Fact]
    public void Weights_of_all_magnitudes_add_up() =>
        new[] { 1e-300, 1e300, 1.0, double.Epsilon }
            .Aggregate(ForwardScore.Zero, (score, weight) => score.Plus(weight, Noon, Day)).At(Noon, Day)
            .Should().BeApproximately(1e300, 1e286);

    [Fact]
    public void More_than_a_double_holds_reads_as_the_largest_double()
    {
        var score = ForwardScore.Zero.Plus(double.MaxValue, Noon, Day).Plus(double.MaxValue, Noon, Day);
        score.At(Noon, Day).Should().Be(double.MaxValue);
        score.At(Noon - 100_000 * Day, Day).Should().Be(double.MaxValue);
        score.At(Noon + 10 * Day, Day).Should().BeApproximately(double.MaxValue / 512, double.MaxValue * 1e-15);
    }

    [Fact]
    public void Weight_zero_adds_nothing()
    {
        var score = ForwardScore.Zero.Plus(3, Noon, Day);
        foreach (var weight in new[] { 0.0, -0.0 })
        {
            ForwardScore.Zero.Plus(weight, Noon, Day).Should().Be(ForwardScore.Zero);
            score.Plus(weight, Noon + 50 * Day, Day).Should().Be(score);
        }
    }

    [Fact]
    public void A_half_life_later_a_score_is_half_to_the_bit()
    {
        var score = ForwardScore.Zero.Plus(0.7, Noon, Day).Plus(1.3, Noon - 5_000_000, Day);
        var first = score.At(Noon, Day);
        for (var halfLives = 1; halfLives < 1_000; halfLives++)
            score.At(Noon + halfLives * Day, Day).Should().Be(Math.ScaleB(first, -halfLives));
    }

    [Fact]
    public void A_read_at_any_time_is_neither_negative_nor_infinite_nor_no_number() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var halfLife = RandomHalfLife(random);
                var score = Sum(RandomEvents(random, 20, halfLife), halfLife);
                foreach (var time in new[] { 0, -Noon, Noon - 2_000 * halfLife, Noon + 5_000 * halfLife, long.MinValue, long.MaxValue })
                    score.At(time, halfLife).Should().BeInRange(0, double.MaxValue);
                score.At(Noon + 5_000 * halfLife, halfLife).Should().Be(0);
            },
            cases: 200);

    [Fact]
    public void Events_of_any_time_are_taken()
    {
        foreach (var time in new[] { 0, -1, long.MinValue, long.MaxValue })
            ForwardScore.Zero.Plus(1, time, 10_000).Plus(1, Noon, 10_000).At(Noon, 10_000).Should().BeInRange(0, double.MaxValue);
        ForwardScore.Zero.Plus(1, -1, 10_000).At(-1, 10_000).Should().Be(1);
    }

    [Fact]
    public void For_one_half_life_two_sums_never_change_places() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var halfLife = RandomHalfLife(random);
                var one = Sum(RandomEvents(random, 1 + random.Next(5), halfLife), halfLife);
                var other = random.Chance(0.5) ? NextTo(one) : Sum(RandomEvents(random, 1 + random.Next(5), halfLife), halfLife);
                var signs = new HashSet<int>();
                for (var read = 0; read < 30; read++)
                {
                    var time = Noon + random.Next(-1_300 * halfLife, 1_300 * halfLife);
                    signs.Add(one.At(time, halfLife).CompareTo(other.At(time, halfLife)));
                }
                (signs.Contains(1) && signs.Contains(-1)).Should().BeFalse("rounding may make two sums equal, but never the other way round");
            },
            cases: 500);

    [Fact]
    public void The_sum_of_two_sums_does_not_depend_on_which_comes_first() =>
        SeededProperty.HoldsFor(random =>
        {
            var one = Sum(RandomEvents(random, 5, Day), Day);
            var other = Sum(RandomEvents(random, 5, Day), Day);
            one.Plus(other).At(Noon, Day).Should().Be(other.Plus(one).At(Noon, Day));
        });

    private static ForwardScore NextTo(ForwardScore score) => score with { Mantissa = Math.BitIncrement(score.Mantissa) };

    private static long RandomHalfLife(DeterministicRandom random) =>
        Math.Min(TenYears, (long)(10_000 * Math.Pow(2, random.NextDouble() * 25)));

    // Weights over twelve magnitudes; events over thirty half-lives, some of them far in the past, in any order.
    private static Event[] RandomEvents(DeterministicRandom random, int count, long halfLife)
    {
        var events = new Event[count];
        for (var place = 0; place < count; place++)
        {
            var reach = random.Chance(0.1) ? 1_000 * halfLife : 30 * halfLife;
            events[place] = new Event(Math.Pow(10, random.NextDouble() * 12 - 6), Noon - random.Next(-halfLife, reach));
        }
        return events;
    }

    private static ForwardScore Sum(Event[] events, long halfLife)
    {
        var score = ForwardScore.Zero;
        foreach (var (weight, time) in events)
            score = score.Plus(weight, time, halfLife);
        return score;
    }

    private static Exact Exactly(Event[] events, long time, long halfLife)
    {
        var sum = Exact.Zero;
        foreach (var (weight, eventTime) in events)
            sum = sum.Plus(Exact.Of(weight).Times(Exact.PowerOfTwo(eventTime - time, halfLife)));
        return sum;
    }
}
