namespace Tidal.Crdt;

/// <summary>
/// Counts that only grow: what was added (P) and what was taken back (N), kept apart (Shapiro et al. 2011). A read is
/// never below zero. This is one origin's part; parts of several origins are added at read, in region order.
/// </summary>
/// <param name="Added">Signals counted.</param>
/// <param name="Retracted">Retractions counted.</param>
public readonly record struct PNCounter(long Added, long Retracted)
{
    /// <summary>What remains: added less retracted, at least 0.</summary>
    public long Value => Math.Max(0, Added - Retracted);

    /// <summary>The counter after more was counted.</summary>
    /// <param name="added">More signals.</param>
    /// <param name="retracted">More retractions.</param>
    public PNCounter Plus(long added, long retracted) => new(Added + added, Retracted + retracted);
}
