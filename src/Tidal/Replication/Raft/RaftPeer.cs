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

    /// <summary>When it was last heard, monotonic microseconds.</summary>
    public long LastHeardMicroseconds { get; set; } = long.MinValue;

    /// <summary>When it last got envelopes, or acknowledged some, monotonic microseconds.</summary>
    public long LastProgressMicroseconds { get; set; }

    /// <summary>Starts over at the beginning of an epoch.</summary>
    public void Restart(ulong lastIndex, long now)
    {
        MatchIndex = 0;
        NextIndex = lastIndex + 1;
        IsProbing = true;
        IsProbeOutstanding = false;
        LastProgressMicroseconds = now;
    }

    /// <summary>
    /// Takes note of the store a message speaks for. Another store than before holds nothing of what the old one
    /// acknowledged, and a word of the old one that arrives late must not count either.
    /// </summary>
    /// <returns>Whether the message is from the store that stands there now.</returns>
    public bool Hear(StoreId store, long now)
    {
        LastHeardMicroseconds = now;
        if (store == Store)
            return true;
        if (_retired.Contains(store))
            return false;
        if (Store != default)
            _retired.Add(Store);
        Store = store;
        MatchIndex = 0;
        IsProbing = true;
        IsProbeOutstanding = false;
        return true;
    }

    /// <summary>Takes note of an acknowledgement.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Acknowledge(ulong index, long now)
    {
        IsProbing = false;
        NextIndex = Math.Max(NextIndex, index + 1);
        if (index <= MatchIndex)
            return false;
        MatchIndex = index;
        LastProgressMicroseconds = now;
        return true;
    }

    // Grows by one for each disk lost at this place while this process lives; a group sees a handful.
    private readonly HashSet<StoreId> _retired = [];
}
