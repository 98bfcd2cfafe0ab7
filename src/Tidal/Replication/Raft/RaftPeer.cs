using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

/// <summary>What a primary (or candidate) knows of another replica of its group: etcd's "progress".</summary>
internal sealed class RaftPeer(ReplicaId replica)
{
    /// <summary>Its place in the group.</summary>
    public ReplicaId Replica { get; } = replica;

    /// <summary>The store it last spoke for.</summary>
    public StoreId Store { get; private set; }

    /// <summary>Up to where its log is known to agree with ours, durably.</summary>
    public ulong MatchIndex { get; private set; }

    /// <summary>The next index to send.</summary>
    public ulong NextIndex { get; set; }

    /// <summary>Whether we do not yet know where its log agrees with ours: one message at a time until we do.</summary>
    public bool IsProbing { get; set; }

    /// <summary>Whether a probe is on its way, unanswered so far.</summary>
    public bool IsProbeOutstanding { get; set; }

    /// <summary>The checkpoint that it is being sent, and the place of the piece under way; null when it is sent envelopes.</summary>
    public (CheckpointHeader Header, long Offset)? Snapshot { get; set; }

    /// <summary>When it was last heard, monotonic microseconds.</summary>
    public long LastHeardMicroseconds { get; set; } = long.MinValue / 2;

    /// <summary>When it last got envelopes, or acknowledged some, monotonic microseconds.</summary>
    public long LastProgressMicroseconds { get; set; }

    /// <summary>Starts over at the beginning of an epoch.</summary>
    public void Restart(ulong lastIndex, long now)
    {
        MatchIndex = 0;
        NextIndex = lastIndex + 1;
        IsProbing = true;
        IsProbeOutstanding = false;
        Snapshot = null;
        LastProgressMicroseconds = now;
    }

    /// <summary>
    /// Takes note of the store a message speaks for. Another store than before holds nothing of what the old one
    /// acknowledged. Of two stores the one that keeps talking is the one that is there; which was heard first says nothing,
    /// for after a restart that may be the new one, and a late word of the old one come after it.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="now">Monotonic microseconds.</param>
    /// <param name="silence">For how long the other store must not have been heard.</param>
    /// <returns>Whether the message is from the store that stands there.</returns>
    public bool Hear(StoreId store, long now, long silence)
    {
        if (store != Store)
        {
            if (Store != default && now - LastHeardMicroseconds < silence)
                return false;
            Store = store;
            MatchIndex = 0;
            IsProbing = true;
            IsProbeOutstanding = false;
            Snapshot = null;
        }
        LastHeardMicroseconds = now;
        return true;
    }

    /// <summary>Takes note of an acknowledgement.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Acknowledge(ulong index, long now)
    {
        IsProbing = false;
        if (Snapshot?.Header.Index <= index)
            Snapshot = null;
        NextIndex = Math.Max(NextIndex, index + 1);
        if (index <= MatchIndex)
            return false;
        MatchIndex = index;
        LastProgressMicroseconds = now;
        return true;
    }
}
