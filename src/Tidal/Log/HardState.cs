using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// What a replica must not forget though it is not in its log (Ongaro and Ousterhout 2014, figure 2, "persistent state"), and
/// the commit index, by which a disk that lost acknowledged bytes is found out.
/// </summary>
/// <param name="Store">The store's identity.</param>
/// <param name="Epoch">The latest leader epoch that the replica has seen.</param>
/// <param name="Vote">Whom it gave its vote in that epoch, if anyone.</param>
/// <param name="CommitIndex">A commit index that it has learnt, at most the last index that its own disk has flushed: a higher
/// one would make a power loss look like a cut below the commit index.</param>
public readonly record struct HardState(StoreId Store, ulong Epoch, ReplicaId? Vote, ulong CommitIndex);

/// <summary>What a hard state journal held.</summary>
/// <param name="State">The latest state, null for a store that never had one.</param>
/// <param name="BytesIgnored">Bytes at the journal's end that are no whole record: a torn write, which was never answered, or
/// one that has rotted since, which may have been; the caller that cannot tell makes the replica a learner.</param>
public readonly record struct HardStateRecovery(HardState? State, long BytesIgnored);
