namespace Tidal.Crdt;

/// <summary>
/// Counts that only grow: what was added (P) and what was taken back (N), kept apart (Shapiro et al. 2011). A read is
/// never below zero. This is one origin's part; parts of several origins are added at read, in region order. Immutable.
/// </summary>
/// <param name="Added">Signals counted.</param>
/// <param name="Retracted">Retractions counted.</param>
public readonly record struct PNCounter(long Added, long Retracted) : ICrdt<PNCounter>
{
    /// <summary>What remains: added less retracted, at least 0.</summary>
    public long Value => Math.Max(0, Added - Retracted);

    /// <summary>The counter after more was counted.</summary>
    /// <param name="added">More signals.</param>
    /// <param name="retracted">More retractions.</param>
    public PNCounter Plus(long added, long retracted) => new(Added + added, Retracted + retracted);

    /// <summary>
    /// The newer of two copies of one origin's counter: both counts only grow, so it is the one that has counted more.
    /// Adding them would count twice what both have seen.
    /// </summary>
    /// <param name="other">Another copy of the same origin's counter.</param>
    public PNCounter Merge(PNCounter other) => new(Math.Max(Added, other.Added), Math.Max(Retracted, other.Retracted));

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.Add(Added);
        digest.Add(Retracted);
    }

    internal static PNCounter Read(StateReader reader) => new(reader.ReadInt64(), reader.ReadInt64());
}
