using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

public sealed class PowerOfTwoTests
{
    private const long Day = 86_400_000;
    private const long TenYears = 3_652 * Day;
    private static readonly double UnitInTheLastPlace = Math.ScaleB(1, -52);

    [Fact]
    public void The_table_holds_the_doubles_nearest_to_the_true_values()
    {
        for (var part = 0; part < 64; part++)
            PowerOfTwo.OfFraction(part, 64).Should().Be(Exact.PowerOfTwo(part, 64).Rounded(), $"2^({part}/64)");
    }

    [Fact]
    public void A_fraction_is_right_to_little_more_than_one_unit_in_the_last_place() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var denominator = RandomDenominator(random);
                var numerator = random.Next(0, denominator);
                var value = PowerOfTwo.OfFraction(numerator, denominator);
                var error = Exact.PowerOfTwo(numerator, denominator).RelativeErrorOf(value) * value;
                error.Should().BeLessThan(1.1 * UnitInTheLastPlace, $"2^({numerator}/{denominator})");
                value.Should().BeInRange(1, Math.BitDecrement(2));
            },
            cases: 5_000);

    [Theory]
    [InlineData(10_000)]
    [InlineData(3_600_000)]
    [InlineData(7 * Day)]
    [InlineData(TenYears)]
    public void A_later_millisecond_of_a_half_life_counts_more(long halfLife)
    {
        for (var part = 0; part < 64; part++)
        {
            var first = Math.Max(0, halfLife * part / 64 - 50);
            for (var numerator = first; numerator < first + 100; numerator++)
                PowerOfTwo.OfFraction(numerator + 1, halfLife).Should().BeGreaterThan(PowerOfTwo.OfFraction(numerator, halfLife));
        }
    }

    [Fact]
    public void The_longest_half_life_does_not_overflow()
    {
        var longest = (long)TimeSpan.MaxValue.TotalMilliseconds;
        PowerOfTwo.OfFraction(longest - 1, longest).Should().BeInRange(1.99999, Math.BitDecrement(2));
        PowerOfTwo.OfFraction((1L << 52) - 1, 1L << 52).Should().BeInRange(1.99999, 2);
    }

    [Theory]
    [InlineData(1.5, 0, 1.5)]
    [InlineData(1.5, 900, 1.2679068747255966e+271)]
    [InlineData(1.5, -1074, 1e-323)]
    [InlineData(1.5, -1076, 0)]
    [InlineData(1.0, -1074, double.Epsilon)]
    [InlineData(1048576.0, -1094, double.Epsilon)]
    [InlineData(1.0, 1023, 8.98846567431158e+307)]
    [InlineData(1.0, 1024, double.MaxValue)]
    [InlineData(1e300, 900, double.MaxValue)]
    [InlineData(1.0, long.MaxValue, double.MaxValue)]
    [InlineData(1.0, long.MinValue, 0)]
    [InlineData(0.0, long.MaxValue, 0)]
    public void Scaling_goes_to_the_ends_of_the_range_and_no_further(double value, long exponent, double expected) =>
        PowerOfTwo.Scale(value, exponent).Should().BeApproximately(expected, expected * 1e-14);

    [Fact]
    public void Scaling_keeps_the_order_of_mantissas_and_exponents() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var (value, exponent) = (1 + random.NextDouble(), (int)random.Next(-1200, 1200));
                var (other, otherExponent) = (value * (1L << random.Next(40)), exponent - random.Next(45));
                var comparison = Exact.Of(value).Plus(new Exact(-Exact.Of(other).Mantissa, Exact.Of(other).Exponent + otherExponent - exponent)).Mantissa.Sign;
                var scaled = PowerOfTwo.Scale(value, exponent).CompareTo(PowerOfTwo.Scale(other, otherExponent));
                (scaled * comparison).Should().BeGreaterThanOrEqualTo(0);
            },
            cases: 2_000);

    private static long RandomDenominator(DeterministicRandom random) =>
        random.Chance(0.5) ? random.Next(1, 1_000) : random.Next(10_000, 1L << (int)random.Next(14, 50));
}
