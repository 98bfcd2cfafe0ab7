using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Whom a primary takes for the primary of its shard in another region, and when it last heard from there. A wrong guess
/// is put right by the answer; a silent one by trying the next replica. Not safe for use by several threads.
/// </summary>
internal sealed class RemotePrimary(RegionId region, int replicas)
{
    private long _guessedMicroseconds;
    private long _listeningSinceMicroseconds;

    /// <summary>The region.</summary>
    public RegionId Region { get; } = region;

    /// <summary>The guess.</summary>
    public ReplicaId Replica { get; private set; } = new(0);

    /// <summary>When a primary of that region was last heard, monotonic microseconds.</summary>
    public long LastHeardMicroseconds { get; private set; } = long.MinValue / 2;

    /// <summary>Whether it was heard again after a silence, and nobody has seen to that yet.</summary>
    public bool IsBackFromSilence { get; set; }

    /// <summary>A new primary begins to listen: it does not know what was before.</summary>
    public void Listen(long now) => (_listeningSinceMicroseconds, IsBackFromSilence) = (now, false);

    /// <summary>A primary was heard.</summary>
    public void Heard(ReplicaId primary, long silenceMicroseconds, long now)
    {
        IsBackFromSilence |= now - Math.Max(LastHeardMicroseconds, _listeningSinceMicroseconds) > silenceMicroseconds;
        Replica = primary;
        LastHeardMicroseconds = _guessedMicroseconds = now;
    }

    /// <summary>A replica says that it is not the primary.</summary>
    public void Redirect(ReplicaId from, ReplicaId? primary, long now)
    {
        if (from != Replica)
            return;
        Replica = primary ?? Following(from);
        _guessedMicroseconds = now;
    }

    /// <summary>After some time of silence, tries the next replica.</summary>
    public void TryNextIfSilent(long silenceMicroseconds, long now)
    {
        if (now - _guessedMicroseconds < silenceMicroseconds)
            return;
        Replica = Following(Replica);
        _guessedMicroseconds = now;
    }

    private ReplicaId Following(ReplicaId replica) => new((byte)((replica.Number + 1) % replicas));
}
