namespace Tidal.Tests;

public sealed class ExactTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void A_double_is_no_distance_from_itself(double value) =>
        (Exact.Of(value).Plus(Exact.Of(-value)).Mantissa.IsZero).Should().BeTrue();

    [Fact]
    public void Powers_of_two_are_the_known_ones()
    {
        Exact.PowerOfTwo(1, 2).Rounded().Should().Be(Math.Sqrt(2));
        Exact.PowerOfTwo(-6, 2).Rounded().Should().Be(0.125);
        // 2^(1/3), cubed.
        var root = Exact.PowerOfTwo(1, 3);
        root.Times(root).Times(root).RelativeErrorOf(2).Should().BeLessThan(1e-37);
    }
}
