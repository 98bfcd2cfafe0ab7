using Tidal.Schema;

namespace Tidal.Tests.Schema;

public sealed class DeterministicRandomTests
{
    [Fact]
    public void It_is_split_mix_64()
    {
        // The reference program's output for seed 1234567 (Vigna, prng.di.unimi.it/splitmix64.c).
        var random = new DeterministicRandom(1234567);
        new[] { random.NextBits(), random.NextBits(), random.NextBits() }
            .Should().Equal(6457827717110365317, 3203168211198807973, 9817491932198370423);
    }

    [Fact]
    public void Numbers_stay_in_their_bounds() =>
        SeededProperty.HoldsFor(random =>
        {
            random.Next(-5, 5).Should().BeInRange(-5, 4);
            random.Next(7).Should().BeInRange(0, 6);
            random.Next(3, 3).Should().Be(3);
            random.NextDouble().Should().BeInRange(0, Math.BitDecrement(1));
            random.Chance(0).Should().BeFalse();
            random.Chance(1).Should().BeTrue();
        });
}
