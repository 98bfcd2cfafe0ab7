namespace Tidal.Testing.Tests.RealTime;

/// <summary>Percentiles are never too low, and too high by little.</summary>
public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.5, 50_000)]
    [InlineData(0.99, 99_000)]
    [InlineData(0.999, 99_900)]
    [InlineData(1, 100_000)]
    public void A_percentile_is_told_to_one_part_in_64(double part, int microseconds)
    {
        var histogram = new Histogram();
        for (var value = 1; value <= 100_000; value++)
            histogram.Add(value);
        histogram.Count.Should().Be(100_000);
        histogram.At(part).TotalMicroseconds.Should().BeInRange(microseconds, microseconds * 65 / 64.0);
    }

    [Fact]
    public void What_counts_often_and_what_another_has_counted_count()
    {
        var (one, other) = (new Histogram(), new Histogram());
        one.Add(10, times: 99);
        other.Add(5_000_000);
        one.Add(other);
        one.At(0.99).Should().Be(TimeSpan.FromMicroseconds(10));
        one.At(1).Should().Be(TimeSpan.FromSeconds(5));
        one.Max.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Nothing_and_what_is_below_zero_are_zero()
    {
        var histogram = new Histogram();
        histogram.At(0.99).Should().Be(TimeSpan.Zero);
        histogram.Add(-5);
        histogram.At(1).Should().Be(TimeSpan.Zero);
    }
}
