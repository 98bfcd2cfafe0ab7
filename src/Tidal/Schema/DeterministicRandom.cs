namespace Tidal.Schema;

/// <summary>
/// A small seeded generator (SplitMix64: Steele, Lea, Flood 2014). State machines that need variety, such as election
/// timeouts, get their seed from outside and hold one of these, so that the same seed gives the same run on every machine.
/// Not safe for use by several threads.
/// </summary>
public sealed class DeterministicRandom
{
    private ulong _state;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">Any value; equal seeds give equal sequences.</param>
    public DeterministicRandom(ulong seed) => _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>A number from <paramref name="from"/> (included) to <paramref name="to"/> (excluded).</summary>
    /// <param name="from">The least number.</param>
    /// <param name="to">One above the greatest; if it is not above <paramref name="from"/>, that is what comes out.</param>
    public long Next(long from, long to) => to <= from ? from : from + (long)(NextBits() % (ulong)(to - from));

    /// <summary>A number from 0 (included) to <paramref name="to"/> (excluded).</summary>
    /// <param name="to">One above the greatest.</param>
    public int Next(int to) => (int)Next(0, to);

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a probability.</summary>
    /// <param name="probability">From 0 (never) to 1 (always).</param>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;
}
