using System.Numerics;

namespace Tidal.Tests;

/// <summary>
/// A number as an integer times a power of two, good to at least 100 bits: what the engine's doubles are held against.
/// Integers alone, and nothing of the engine in it.
/// </summary>
internal readonly record struct Exact(BigInteger Mantissa, long Exponent)
{
    private const int FractionBits = 128;
    private const int BitsKept = 512;
    private static readonly BigInteger One = BigInteger.One << FractionBits;
    private static readonly BigInteger Ln2 = MakeLn2();

    public static readonly Exact Zero = new(0, 0);

    public static Exact Of(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        return new Exact(value < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    /// <summary>2^(numerator/denominator), by Taylor's series in fixed point.</summary>
    public static Exact PowerOfTwo(long numerator, long denominator)
    {
        var whole = numerator >= 0 ? numerator / denominator : -((-numerator + denominator - 1) / denominator);
        var x = ((new BigInteger(numerator - whole * denominator) << FractionBits) / denominator * Ln2) >> FractionBits;
        var sum = One;
        var term = One;
        for (var n = 1; !term.IsZero; n++)
        {
            term = ((term * x) >> FractionBits) / n;
            sum += term;
        }
        return new Exact(sum, whole - FractionBits);
    }

    public Exact Times(Exact other) => new Exact(Mantissa * other.Mantissa, Exponent + other.Exponent).Trim();

    public Exact Plus(Exact other)
    {
        if (Mantissa.IsZero || other.Mantissa.IsZero)
            return Mantissa.IsZero ? other : this;
        var (high, low) = Exponent >= other.Exponent ? (this, other) : (other, this);
        var gap = high.Exponent - low.Exponent;
        return gap > 3000 ? high : new Exact((high.Mantissa << (int)gap) + low.Mantissa, low.Exponent).Trim();
    }

    /// <summary>The double nearest to it; for what is in the range of normal doubles.</summary>
    public double Rounded()
    {
        var shift = (int)(Mantissa.GetBitLength() - 53);
        var half = BigInteger.One << (shift - 1);
        return Math.ScaleB((double)((Mantissa + half) >> shift), (int)(Exponent + shift));
    }

    /// <summary>How far a double is from it, relative to it.</summary>
    public double RelativeErrorOf(double value)
    {
        var error = Of(value).Plus(new Exact(-Mantissa, Exponent));
        if (error.Mantissa.IsZero)
            return 0;
        var quotient = (BigInteger.Abs(error.Mantissa) << BitsKept) / Mantissa;
        return Math.ScaleB((double)quotient, (int)(error.Exponent - Exponent - BitsKept));
    }

    private Exact Trim()
    {
        var excess = (int)(Mantissa.GetBitLength() - BitsKept);
        return excess > 0 ? new Exact(Mantissa >> excess, Exponent + excess) : this;
    }

    // ln 2 = 2 * (1/3 + 1/(3 * 3^3) + 1/(5 * 3^5) + ...)
    private static BigInteger MakeLn2()
    {
        var sum = BigInteger.Zero;
        var power = (BigInteger.One << (FractionBits + 33)) / 3;
        for (var n = 1; !power.IsZero; n += 2, power /= 9)
            sum += power / n;
        return sum >> 32;
    }
}
