namespace Tidal.Signals;

/// <summary>
/// <c>f(x) = 2^x</c> on [0, 1) and exact scaling by powers of two: the same bits on every machine. The fraction comes as
/// two integers, is cut into 64 parts by integer arithmetic, looked up in a fixed table, and finished by a Taylor
/// polynomial of degree 6 in a fixed order of operations. No library function that rounds in its own way and no fused
/// multiply-add: the JIT of .NET never contracts <c>a * b + c</c> on its own.
/// </summary>
internal static class PowerOfTwo
{
    private const int TableParts = 64;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const long Bias = 1023;
    private const double TwoToThe64 = 18446744073709551616.0;
    private const double Ln2 = 0.693147180559945309417232;

    /// <summary>Up to this many powers of two, up or down, a mantissa of a sum stays a normal number: one product scales it.</summary>
    private const int PlainExponentMax = 900;

    /// <summary>Beyond this many every double is 0 or at the end of the range.</summary>
    private const int UsefulExponentMax = 2200;

    // 2^(i/64), each the double nearest to the true value (checked in the tests with 60 decimal digits).
    private static readonly double[] Table = [.. TableBits.Select(BitConverter.UInt64BitsToDouble)];

    /// <summary>2^(<paramref name="numerator"/>/<paramref name="denominator"/>), from 1 (included) to 2 (excluded).</summary>
    /// <param name="numerator">From 0 to <paramref name="denominator"/> - 1.</param>
    /// <param name="denominator">1 to 2^52: a half-life in milliseconds.</param>
    public static double OfFraction(long numerator, long denominator)
    {
        var scaled = numerator * TableParts;
        var part = scaled / denominator;
        var rest = (double)(scaled - part * denominator) / ((double)denominator * TableParts);
        // Not Table[part] * e^x: adding what e^x has beyond 1 rounds once less.
        return Table[part] + Table[part] * ExpSmallLessOne(rest * Ln2);
    }

    /// <summary>
    /// <paramref name="value"/> * 2^<paramref name="exponent"/>: exact where a double can hold it, rounded once below that,
    /// and the largest double above, so that a score stays finite.
    /// </summary>
    /// <param name="value">Finite, not negative.</param>
    /// <param name="exponent">Any exponent.</param>
    public static double Scale(double value, long exponent)
    {
        // The usual case: an older sum beside a newer one, not so old that it leaves the normal numbers.
        if (exponent is <= 0 and >= -PlainExponentMax)
            return value * BitConverter.Int64BitsToDouble((exponent + Bias) << MantissaBits);
        var scaled = exponent is >= -PlainExponentMax and <= PlainExponentMax
            ? value * BitConverter.Int64BitsToDouble((exponent + Bias) << MantissaBits)
            : Math.ScaleB(value, (int)Math.Clamp(exponent, -UsefulExponentMax, UsefulExponentMax));
        return Math.Min(scaled, double.MaxValue);
    }

    /// <summary>A number as a mantissa from 1 (included) to 2 (excluded) and the power of two that it is multiplied by.</summary>
    /// <param name="value">Finite and above 0.</param>
    public static (double Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> MantissaBits);
        if (exponent > 0)
            return (BitConverter.Int64BitsToDouble((bits & MantissaMask) | (Bias << MantissaBits)), exponent - (int)Bias);
        // Too small for a normal number, which it is when multiplied by 2^64.
        var (mantissa, lower) = Parts(value * TwoToThe64);
        return (mantissa, lower - 64);
    }

    // e^x - 1 for x in [0, ln 2 / 64): the first term left out is below 1e-17.
    private static double ExpSmallLessOne(double x) =>
        x * (1 + x * (1.0 / 2 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720))))));

    private static ulong[] TableBits =>
    [
        0x3FF0000000000000, 0x3FF02C9A3E778061, 0x3FF059B0D3158574, 0x3FF0874518759BC8,
        0x3FF0B5586CF9890F, 0x3FF0E3EC32D3D1A2, 0x3FF11301D0125B51, 0x3FF1429AAEA92DE0,
        0x3FF172B83C7D517B, 0x3FF1A35BEB6FCB75, 0x3FF1D4873168B9AA, 0x3FF2063B88628CD6,
        0x3FF2387A6E756238, 0x3FF26B4565E27CDD, 0x3FF29E9DF51FDEE1, 0x3FF2D285A6E4030B,
        0x3FF306FE0A31B715, 0x3FF33C08B26416FF, 0x3FF371A7373AA9CB, 0x3FF3A7DB34E59FF7,
        0x3FF3DEA64C123422, 0x3FF4160A21F72E2A, 0x3FF44E086061892D, 0x3FF486A2B5C13CD0,
        0x3FF4BFDAD5362A27, 0x3FF4F9B2769D2CA7, 0x3FF5342B569D4F82, 0x3FF56F4736B527DA,
        0x3FF5AB07DD485429, 0x3FF5E76F15AD2148, 0x3FF6247EB03A5585, 0x3FF6623882552225,
        0x3FF6A09E667F3BCD, 0x3FF6DFB23C651A2F, 0x3FF71F75E8EC5F74, 0x3FF75FEB564267C9,
        0x3FF7A11473EB0187, 0x3FF7E2F336CF4E62, 0x3FF82589994CCE13, 0x3FF868D99B4492ED,
        0x3FF8ACE5422AA0DB, 0x3FF8F1AE99157736, 0x3FF93737B0CDC5E5, 0x3FF97D829FDE4E50,
        0x3FF9C49182A3F090, 0x3FFA0C667B5DE565, 0x3FFA5503B23E255D, 0x3FFA9E6B5579FDBF,
        0x3FFAE89F995AD3AD, 0x3FFB33A2B84F15FB, 0x3FFB7F76F2FB5E47, 0x3FFBCC1E904BC1D2,
        0x3FFC199BDD85529C, 0x3FFC67F12E57D14B, 0x3FFCB720DCEF9069, 0x3FFD072D4A07897C,
        0x3FFD5818DCFBA487, 0x3FFDA9E603DB3285, 0x3FFDFC97337B9B5F, 0x3FFE502EE78B3FF6,
        0x3FFEA4AFA2A490DA, 0x3FFEFA1BEE615A27, 0x3FFF50765B6E4540, 0x3FFFA7C1819E90D8,
    ];
}
