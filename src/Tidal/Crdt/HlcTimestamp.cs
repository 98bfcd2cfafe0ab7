namespace Tidal.Crdt;

/// <summary>
/// A hybrid logical clock's reading (Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks", 2014), packed
/// into 64 bits: 48 of milliseconds since 1970 and 16 of a logical counter, so that comparing two is one comparison.
/// The counter carries over into the milliseconds, which keeps readings growing however many fall into one millisecond.
/// </summary>
/// <param name="Packed">Milliseconds in the upper 48 bits, counter in the lower 16.</param>
public readonly record struct HlcTimestamp(ulong Packed) : IComparable<HlcTimestamp>
{
    /// <summary>Before every reading of every clock.</summary>
    public static readonly HlcTimestamp Zero = new(0);

    /// <summary>The reading at the first logical instant of a millisecond.</summary>
    /// <param name="unixMilliseconds">Milliseconds since 1970, UTC, from 0 to 2^48 - 1.</param>
    public static HlcTimestamp FromUnixMilliseconds(long unixMilliseconds) => new((ulong)unixMilliseconds << 16);

    /// <summary>The physical part: milliseconds since 1970, UTC.</summary>
    public long UnixMilliseconds => (long)(Packed >> 16);

    /// <summary>The logical part.</summary>
    public int Counter => (int)(Packed & 0xFFFF);

    /// <inheritdoc/>
    public int CompareTo(HlcTimestamp other) => Packed.CompareTo(other.Packed);

    /// <summary>Whether one reading comes before another.</summary>
    public static bool operator <(HlcTimestamp left, HlcTimestamp right) => left.Packed < right.Packed;

    /// <summary>Whether one reading comes after another.</summary>
    public static bool operator >(HlcTimestamp left, HlcTimestamp right) => left.Packed > right.Packed;

    /// <summary>Whether one reading is not after another.</summary>
    public static bool operator <=(HlcTimestamp left, HlcTimestamp right) => left.Packed <= right.Packed;

    /// <summary>Whether one reading is not before another.</summary>
    public static bool operator >=(HlcTimestamp left, HlcTimestamp right) => left.Packed >= right.Packed;

    /// <inheritdoc/>
    public override string ToString() => $"{UnixMilliseconds}.{Counter}";
}
