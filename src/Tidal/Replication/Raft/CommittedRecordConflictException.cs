using Tidal.Schema;

namespace Tidal.Replication.Raft;

/// <summary>
/// A primary's log contradicts what this replica knows as committed. Raft rules that out within its fault limit; so a
/// store was tampered with or more was lost than the group can lose. The replica stops rather than give up a record.
/// </summary>
public sealed class CommittedRecordConflictException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="replica">The replica that stopped.</param>
    /// <param name="epoch">The primary's epoch.</param>
    /// <param name="index">The index in conflict.</param>
    /// <param name="commitIndex">What the replica knows as committed.</param>
    public CommittedRecordConflictException(Address replica, ulong epoch, ulong index, ulong commitIndex)
        : base($"{replica}: the primary of epoch {epoch} has another record at index {index}, but everything up to index " +
               $"{commitIndex} is committed here. More stores were lost or changed than the group can lose.")
    {
        Replica = replica;
        Epoch = epoch;
        Index = index;
        CommitIndex = commitIndex;
    }

    /// <summary>The replica that stopped.</summary>
    public Address Replica { get; }

    /// <summary>The primary's epoch.</summary>
    public ulong Epoch { get; }

    /// <summary>The index in conflict.</summary>
    public ulong Index { get; }

    /// <summary>What the replica knows as committed.</summary>
    public ulong CommitIndex { get; }
}
