using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication.Raft;

/// <summary>A message inside a shard's group. It names the epoch and the store that it speaks for (PROTOCOL 1).</summary>
public interface IRaftMessage
{
    /// <summary>The leader epoch that the sender speaks in.</summary>
    ulong Epoch { get; }

    /// <summary>The sender's store.</summary>
    StoreId Store { get; }
}

/// <summary>Asks for a vote, or (pre-vote: Ongaro's thesis, §9.6) whether one would be given.</summary>
public sealed class VoteRequest : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>Whether it only asks what the answer would be.</summary>
    public required bool IsPreVote { get; init; }

    /// <summary>Whether the primary itself wants it: then it is answered although a primary is heard (Ongaro's thesis, §4.2.3).</summary>
    public bool IsHandOver { get; init; }

    /// <summary>The epoch of the candidate's last envelope.</summary>
    public required ulong LastEpoch { get; init; }

    /// <summary>The index of the candidate's last envelope.</summary>
    public required ulong LastIndex { get; init; }
}

/// <summary>Answers a <see cref="VoteRequest"/>.</summary>
public sealed class VoteReply : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>Whether it answers a pre-vote.</summary>
    public required bool IsPreVote { get; init; }

    /// <summary>Whether the vote is given.</summary>
    public required bool Granted { get; init; }
}

/// <summary>The primary hands its office over: the receiver is to ask for an election now (TimeoutNow: Ongaro's thesis, §3.10).</summary>
public sealed class TimeoutNow : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }
}

/// <summary>The primary's run of envelopes for a follower (AppendEntries: Raft §5.3).</summary>
public sealed class AppendEnvelopes : SegmentMessage, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>The index of the envelope before the first one sent.</summary>
    public required ulong PreviousIndex { get; init; }

    /// <summary>The epoch of the envelope before the first one sent.</summary>
    public required ulong PreviousEpoch { get; init; }

    /// <summary>The envelopes, in order and without a gap.</summary>
    public required IReadOnlyList<Envelope> Envelopes { get; init; }

    /// <inheritdoc/>
    public override int PayloadBytes
    {
        get
        {
            var bytes = 0;
            for (var place = 0; place < Envelopes.Count; place++)
                bytes += Envelopes[place].Length;
            return bytes;
        }
    }

    /// <summary>The primary's commit index.</summary>
    public required ulong CommitIndex { get; init; }
}

/// <summary>A follower's answer to <see cref="AppendEnvelopes"/>, given once what it took is durable.</summary>
public sealed class AppendReply : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>Whether the envelope before the first one sent was there and the same.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Accepted: the log agrees with the primary's, durably, up to here. Refused: it may agree up to here.</summary>
    public required ulong Index { get; init; }
}

/// <summary>Asks whether its sender still is the primary of the newest epoch that the receiver knows (ReadIndex: Ongaro's thesis, §6.4).</summary>
public sealed class ConfirmRequest : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>The sender's number for this round.</summary>
    public required ulong Round { get; init; }
}

/// <summary>Answers a <see cref="ConfirmRequest"/>: by its epoch, which is that of the request if nothing newer is known.</summary>
public sealed class ConfirmReply : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>The round that is answered.</summary>
    public required ulong Round { get; init; }
}

/// <summary>
/// A piece of the primary's checkpoint, for a follower that needs what is no longer in the log (InstallSnapshot: Raft §7).
/// One piece is under way at a time.
/// </summary>
public sealed class InstallSnapshot : SegmentMessage, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>The checkpoint's index.</summary>
    public required ulong Index { get; init; }

    /// <summary>The epoch of the envelope at that index.</summary>
    public required ulong IndexEpoch { get; init; }

    /// <summary>Bytes of the whole checkpoint.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Where the piece stands in it.</summary>
    public required long Offset { get; init; }

    /// <summary>The piece.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <inheritdoc/>
    public override int PayloadBytes => Bytes.Length;
}

/// <summary>
/// A follower's answer to a piece of a checkpoint that is not whole yet; the last one is answered as an append is.
/// </summary>
public sealed class InstallProgress : Message, IRaftMessage
{
    /// <inheritdoc/>
    public required ulong Epoch { get; init; }

    /// <inheritdoc/>
    public required StoreId Store { get; init; }

    /// <summary>The checkpoint's index.</summary>
    public required ulong Index { get; init; }

    /// <summary>Where the piece that it wants next stands.</summary>
    public required long Offset { get; init; }
}

/// <summary>
/// How one shard's replica stands, as told to the node beside it: a primary's heartbeat, or a follower's standing answer.
/// One message a beat carries those of all shards of two nodes.
/// </summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The sender's epoch, durable.</param>
/// <param name="Store">The sender's store.</param>
/// <param name="IsPrimary">Whether the sender is the primary of that epoch.</param>
/// <param name="CommitIndex">What the receiver may take as committed: at most up to where the two logs are known to agree.</param>
/// <param name="MatchIndex">From a follower: up to where its log agrees with that primary's, durably.</param>
public readonly record struct ShardBeat(
    ShardId Shard, ulong Epoch, StoreId Store, bool IsPrimary, ulong CommitIndex, ulong MatchIndex);

/// <summary>The heartbeat between two nodes of a region.</summary>
public sealed class NodeHeartbeat : Message
{
    /// <summary>How each shard's replica on the sending node stands.</summary>
    public required IReadOnlyList<ShardBeat> Beats { get; init; }

    /// <summary>The version of the newest routing table that the node knows; 0 for none.</summary>
    public ulong TableVersion { get; init; }
}
