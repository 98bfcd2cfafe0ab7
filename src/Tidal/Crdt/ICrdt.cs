namespace Tidal.Crdt;

/// <summary>
/// What every convergent replicated data type keeps to (state-based CRDTs: Shapiro, Preguiça, Baquero, Zawirski, "A
/// comprehensive study of CRDTs", 2011): copies that have parted are merged, and merging is a join. It commutes,
/// associates, repeats harmlessly and never loses what either copy knew; so copies may be delivered twice and in any order.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ICrdt<TSelf>
    where TSelf : ICrdt<TSelf>
{
    /// <summary>What both copies know together. Neither copy is changed, and the result shares nothing with them that may change.</summary>
    /// <param name="other">Another copy of the same thing.</param>
    TSelf Merge(TSelf other);

    /// <summary>Adds the state to a digest, in canonical order: copies that know the same add the same bytes.</summary>
    /// <param name="digest">The digest.</param>
    void AddTo(StateWriter digest);
}
