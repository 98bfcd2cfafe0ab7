using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

public sealed class TryWindowTests
{
    [Fact]
    public void Each_try_is_taken_once_as_a_set_of_all_tries_would_have_it() =>
        SeededProperty.HoldsFor(random =>
        {
            var (window, taken, highest) = (new TryWindow(), new HashSet<ulong>(), 0UL);
            for (var step = 0; step < 300; step++)
            {
                var number = RandomTry(random, highest);
                var expected = number + TryWindow.Size <= highest ? TryStanding.TooOld
                    : taken.Add(number) ? TryStanding.New : TryStanding.Seen;
                window.Take(number).Should().Be(expected, $"try {number} after {highest}");
                highest = Math.Max(highest, number);
            }
        }, cases: 200);

    [Theory]
    [InlineData(TryWindow.Size - 1)]
    [InlineData(TryWindow.Size)]
    [InlineData(TryWindow.Size + 1)]
    [InlineData(TryWindow.Size + 2)]
    [InlineData(2 * TryWindow.Size)]
    [InlineData(1_000_000_007)]
    public void A_jump_ahead_leaves_no_old_try_behind(ulong jump)
    {
        var window = new TryWindow();
        for (var number = 1UL; number <= TryWindow.Size; number++)
            window.Take(number);
        var highest = TryWindow.Size + jump;
        window.Take(highest).Should().Be(TryStanding.New);
        for (var number = highest - TryWindow.Size + 1; number < highest; number++)
            window.Take(number).Should().Be(number <= TryWindow.Size ? TryStanding.Seen : TryStanding.New);
        window.Take(highest - TryWindow.Size).Should().Be(TryStanding.TooOld);
    }

    [Fact]
    public void The_greatest_numbers_do_not_overflow()
    {
        var window = new TryWindow();
        window.Take(ulong.MaxValue - 1).Should().Be(TryStanding.New);
        window.Take(ulong.MaxValue).Should().Be(TryStanding.New);
        window.Take(ulong.MaxValue).Should().Be(TryStanding.Seen);
        window.Take(1).Should().Be(TryStanding.TooOld);
    }

    private static ulong RandomTry(DeterministicRandom random, ulong highest) => random.Next(10) switch
    {
        0 => highest + (ulong)random.Next(3 * TryWindow.Size),
        1 => highest - Math.Min(highest, (ulong)random.Next(2 * TryWindow.Size)),
        2 => highest + TryWindow.Size - 1 + (ulong)random.Next(4),
        < 6 => highest - Math.Min(highest, (ulong)random.Next(20)),
        _ => highest + 1,
    };
}
