using Tidal.Replication;

namespace Tidal.Tests.Replication;

public sealed class NumberSetTests
{
    [Fact]
    public void It_holds_what_a_set_holds_in_the_fewest_intervals() =>
        SeededProperty.HoldsFor(random =>
        {
            var (set, model) = (new NumberSet(), new HashSet<ulong>());
            for (var step = 0; step < 100; step++)
            {
                var number = (ulong)random.Next(60);
                set.Add(number).Should().Be(model.Add(number));
                set.Highest.Should().Be(model.Max());
            }
            for (var number = 0UL; number < 62; number++)
                set.Contains(number).Should().Be(model.Contains(number));
            set.Intervals.SelectMany(interval => Enumerable.Range((int)interval.First, (int)(interval.Last - interval.First) + 1))
                .Should().Equal(model.Order().Select(number => (int)number));
            set.Intervals.Zip(set.Intervals.Skip(1)).Should().OnlyContain(pair => pair.First.Last + 1 < pair.Second.First);
        }, cases: 100);

    [Fact]
    public void The_greatest_numbers_do_not_overflow()
    {
        var set = new NumberSet();
        set.Highest.Should().Be(0);
        foreach (var number in new[] { ulong.MaxValue, 0UL, ulong.MaxValue - 1, 1UL })
            set.Add(number).Should().BeTrue();
        set.Intervals.Should().Equal((0, 1), (ulong.MaxValue - 1, ulong.MaxValue));
        (set.Contains(ulong.MaxValue), set.Contains(2)).Should().Be((true, false));
    }

    [Fact]
    public void Numbers_in_any_order_that_make_a_run_are_one_interval() =>
        SeededProperty.HoldsFor(random =>
        {
            var numbers = Enumerable.Range(1, 30).OrderBy(_ => random.NextBits()).ToList();
            var set = new NumberSet();
            numbers.ForEach(number => set.Add((ulong)number));
            set.Intervals.Should().Equal((1, 30));
        }, cases: 50);
}
