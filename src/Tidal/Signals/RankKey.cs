namespace Tidal.Signals;

/// <summary>
/// What an index orders by, as one integer: the higher ranks first. A key never orders two items otherwise than what they are
/// ranked by at any read time would; a decayed sum is cut to 29 bits of its mantissa, so it may take two for equal that are not.
/// </summary>
internal static class RankKey
{
    /// <summary>The key of what is never listed: an item without a record, or of score 0. No other key is as low.</summary>
    public const long None = long.MinValue;

    private const int MantissaBits = 52;
    private const int KeptBits = 29;
    private const int ExponentBias = 1023;

    /// <summary>The key of a number that is itself read.</summary>
    public static long Of(long number) => number > 0 ? number : None;

    /// <summary>The key of a decayed sum; its mantissa is a normal number, as adding up and taking off leave it.</summary>
    public static long Of(ForwardScore sum)
    {
        if (sum.Mantissa <= 0)
            return None;
        // The bits of a positive double are its exponent and mantissa, in that order: as an integer they order as it does.
        var bits = BitConverter.DoubleToInt64Bits(sum.Mantissa) >> (MantissaBits - KeptBits);
        return bits + (((long)sum.Exponent - ExponentBias) << KeptBits);
    }

    /// <summary>
    /// What an item of this key reads at most. Reading rounds, but never the lesser sum to more than the greater; so nothing
    /// of a lower key reads more either.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="order">What it is a key of.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    /// <param name="halfLifeMilliseconds">The half-life of a decayed sum.</param>
    public static double MostOf(long key, RankOrder order, long timeMilliseconds, long halfLifeMilliseconds)
    {
        if (key == None)
            return 0;
        if (order != RankOrder.Score)
            return key;
        // The bits that were cut may all have been set.
        var above = key + 1;
        var mantissa = BitConverter.Int64BitsToDouble(((above & ((1L << KeptBits) - 1)) << (MantissaBits - KeptBits)) | ((long)ExponentBias << MantissaBits));
        var exponent = above >> KeptBits;
        if (exponent > int.MaxValue)
            return double.MaxValue;
        return new ForwardScore(mantissa, (int)Math.Max(exponent, int.MinValue)).At(timeMilliseconds, halfLifeMilliseconds);
    }
}
