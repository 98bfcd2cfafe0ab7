namespace Tidal.Crdt;

/// <summary>
/// Whether something is hidden from a user: two maxima under the hybrid logical clock, the latest hide and the latest undo.
/// It is hidden while the hide is not before the undo. A tie is hidden and no node decides it: of two errors, showing what
/// somebody wanted gone is the worse one (the "remove wins" choice of Shapiro et al. 2011, turned to the safe side). A hide
/// seen from anywhere therefore counts at once. The empty register (both at <see cref="HlcTimestamp.Zero"/>, which no clock
/// reads) hides nothing. Immutable.
/// </summary>
/// <param name="LatestHide">The latest hide known; zero for none.</param>
/// <param name="LatestUndo">The latest undo known; zero for none.</param>
public readonly record struct HardNegativeRegister(HlcTimestamp LatestHide, HlcTimestamp LatestUndo) : ICrdt<HardNegativeRegister>
{
    /// <summary>Whether it is hidden: it was, and no later undo is known.</summary>
    public bool IsHidden => LatestHide != HlcTimestamp.Zero && LatestHide >= LatestUndo;

    /// <summary>The register of one hide.</summary>
    /// <param name="stamp">When: the stamp of the primary that appended it.</param>
    public static HardNegativeRegister OfHide(HlcTimestamp stamp) => new(stamp, HlcTimestamp.Zero);

    /// <summary>The register of one undo.</summary>
    /// <param name="stamp">When: the stamp of the gateway at the undo's first try (PROTOCOL 14).</param>
    public static HardNegativeRegister OfUndo(HlcTimestamp stamp) => new(HlcTimestamp.Zero, stamp);

    /// <summary>Each maximum over both copies.</summary>
    /// <param name="other">Another copy.</param>
    public HardNegativeRegister Merge(HardNegativeRegister other) =>
        new(Later(LatestHide, other.LatestHide), Later(LatestUndo, other.LatestUndo));

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.Add(LatestHide.Packed);
        digest.Add(LatestUndo.Packed);
    }

    internal static HardNegativeRegister Read(StateReader reader) => new(reader.ReadHlc(), reader.ReadHlc());

    private static HlcTimestamp Later(HlcTimestamp one, HlcTimestamp other) => one >= other ? one : other;
}
