using Tidal.Crdt;

namespace Tidal.Signals;

/// <summary>
/// A decayed sum <c>S(t) = sum w_i * 2^-((t - t_i)/h)</c>, kept <em>forward</em> (Cormode, Shkapenyuk, Srivastava, Xu:
/// "Forward decay", 2009) from a landmark that never moves: 1970. With <c>t_i = q*h + r</c> in integers an event adds
/// <c>w * 2^(r/h) * 2^q</c>; the sum is a double and a count of half-lives, so nothing overflows, a late event is no
/// special case, and for one half-life the order of two sums is the same at every time. Immutable.
/// </summary>
/// <param name="Mantissa">The sum divided by 2^<paramref name="Exponent"/>; 0 for the empty sum, never negative.</param>
/// <param name="Exponent">Half-lives since 1970 of its largest term (more, when weights are far from 1).</param>
public readonly record struct ForwardScore(double Mantissa, int Exponent)
{
    // Below 1e-12, the error that a score may have of its terms, and what a million terms and more leave by rounding.
    private const double RoundingMax = 1.0 / (1L << 40);

    /// <summary>The empty sum.</summary>
    public static readonly ForwardScore Zero = new(0, 0);

    /// <summary>The sum after one more event.</summary>
    /// <param name="weight">Its weight, finite and not negative.</param>
    /// <param name="eventTimeMilliseconds">Its event time, in milliseconds since 1970.</param>
    /// <param name="halfLifeMilliseconds">The half-life; the same at every call for one sum.</param>
    public ForwardScore Plus(double weight, long eventTimeMilliseconds, long halfLifeMilliseconds) =>
        Plus(Term(weight, eventTimeMilliseconds, halfLifeMilliseconds));

    /// <summary>The sum of two sums of the same half-life; the order of additions decides the last bit, so callers keep one.</summary>
    /// <param name="other">The other sum.</param>
    public ForwardScore Plus(ForwardScore other)
    {
        if (other.Mantissa == 0)
            return this;
        if (Mantissa == 0)
            return other;
        return other.Exponent > Exponent
            ? new ForwardScore(PowerOfTwo.Scale(Mantissa, (long)Exponent - other.Exponent) + other.Mantissa, other.Exponent)
            : new ForwardScore(Mantissa + PowerOfTwo.Scale(other.Mantissa, (long)other.Exponent - Exponent), Exponent);
    }

    /// <summary>The sum of one event.</summary>
    internal static ForwardScore Term(double weight, long eventTimeMilliseconds, long halfLifeMilliseconds)
    {
        if (weight <= 0)
            return Zero;
        var (halfLives, rest) = Split(eventTimeMilliseconds, halfLifeMilliseconds);
        var fraction = PowerOfTwo.OfFraction(rest, halfLifeMilliseconds);
        // Most signals weigh 1.
        if (weight == 1)
            return new ForwardScore(fraction, (int)Math.Clamp(halfLives, int.MinValue, int.MaxValue));
        // The weight's own power of two goes to the exponent: no weight overflows the mantissa.
        var (mantissa, exponent) = PowerOfTwo.Parts(weight);
        return new ForwardScore(mantissa * fraction, (int)Math.Clamp(halfLives + exponent, int.MinValue, int.MaxValue));
    }

    /// <summary>What is left of the sum when another one of the same half-life is taken from it; at least the empty sum.</summary>
    /// <param name="other">The other sum.</param>
    public ForwardScore Less(ForwardScore other)
    {
        if (other.Mantissa == 0 || Mantissa == 0)
            return this;
        return other.Exponent > Exponent
            ? Left(PowerOfTwo.Scale(Mantissa, (long)Exponent - other.Exponent) - other.Mantissa, other.Exponent)
            : Left(Mantissa - PowerOfTwo.Scale(other.Mantissa, (long)other.Exponent - Exponent), Exponent);
    }

    /// <summary>Whether this is so little of a sum that adding up the same terms in another order might have left it over.</summary>
    /// <param name="whole">The sum, not less than this one and of the same half-life.</param>
    public bool IsRoundingOf(ForwardScore whole) =>
        PowerOfTwo.Scale(Mantissa, (long)Exponent - whole.Exponent) < whole.Mantissa * RoundingMax;

    /// <summary>Adds the bits of the sum to a digest.</summary>
    /// <param name="digest">The digest.</param>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.Add(Mantissa);
        digest.Add(Exponent);
    }

    internal static ForwardScore Read(StateReader reader) => new(reader.ReadDouble(), reader.ReadInt32(int.MinValue));

    /// <summary>The decayed sum at a time.</summary>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    /// <param name="halfLifeMilliseconds">The half-life that the sum was kept with.</param>
    /// <returns>S(t): finite and not negative; beyond the range of doubles the largest double, or 0.</returns>
    public double At(long timeMilliseconds, long halfLifeMilliseconds)
    {
        if (Mantissa == 0)
            return 0;
        var (halfLives, rest) = Split(timeMilliseconds, halfLifeMilliseconds);
        // Scaled last: scaling is where a score may leave the range of doubles, and all scores must leave it at the same point.
        return PowerOfTwo.Scale(Mantissa / PowerOfTwo.OfFraction(rest, halfLifeMilliseconds), Exponent - halfLives);
    }

    private static ForwardScore Left(double mantissa, int exponent) => mantissa > 0 ? new ForwardScore(mantissa, exponent) : Zero;

    private static (long HalfLives, long Remainder) Split(long timeMilliseconds, long halfLifeMilliseconds)
    {
        var halfLives = Math.DivRem(timeMilliseconds, halfLifeMilliseconds, out var rest);
        return rest < 0 ? (halfLives - 1, rest + halfLifeMilliseconds) : (halfLives, rest);
    }
}
