namespace Tidal.Testing.Tests;

/// <summary>Percentiles by buckets against percentiles by sorting.</summary>
public sealed class HistogramTests
{
    private readonly Histogram _histogram = new();

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_percentile_is_right_to_one_part_in_64_and_never_too_low(int scale)
    {
        var values = Enumerable.Range(0, 10_000).Select(number => (long)number * number % 9_973 * scale).Order().ToArray();
        foreach (var value in values)
            _histogram.Add(value);
        foreach (var part in (double[])[0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = values[(int)Math.Ceiling(values.Length * part) - 1];
            _histogram.At(part).TotalMicroseconds.Should().BeInRange(exact, exact + exact / 64.0);
        }
    }

    [Fact]
    public void What_others_counted_is_added_up()
    {
        var other = new Histogram();
        other.Add(7, times: 3);
        _histogram.Add(5);
        _histogram.Add(other);
        (_histogram.Count, _histogram.At(0.25).TotalMicroseconds, _histogram.At(0.26).TotalMicroseconds, _histogram.Max.TotalMicroseconds).Should().Be((4, 5, 7, 7));
    }

    [Fact]
    public void What_lies_between_bounds_that_follow_each_other_adds_up_to_all()
    {
        for (var value = 1; value <= 50; value++)
            _histogram.Add(value);
        (_histogram.CountBetween(0, 10), _histogram.CountBetween(10, 50), _histogram.CountBetween(50, 1000)).Should().Be((9, 40, 1));
    }

    [Fact]
    public void A_duration_below_zero_counts_as_zero_and_none_as_nothing()
    {
        (_histogram.Count, _histogram.At(0.99)).Should().Be((0, TimeSpan.Zero));
        _histogram.Add(-5);
        (_histogram.Count, _histogram.At(1)).Should().Be((1, TimeSpan.Zero));
    }
}
