using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>A message on its way out.</summary>
/// <param name="To">The receiver.</param>
/// <param name="Message">The message.</param>
public readonly record struct Outgoing(Address To, Message Message);

/// <summary>
/// What a state machine wants of the world after one input: messages to send and flushes to perform, and what happened in
/// it, for whoever keeps a history. The host empties it after each input. Not safe for use by several threads.
/// </summary>
public sealed class Effects
{
    /// <summary>Messages to send, in order.</summary>
    public List<Outgoing> Messages { get; } = [];

    /// <summary>What happened, in order.</summary>
    public List<ReplicaEvent> Events { get; } = [];

    /// <summary>
    /// Whether everything written to the replica's store so far is to be made durable; the host answers with
    /// <c>FlushCompleted</c>. At most one is under way at a time: what is written meanwhile joins the next (group commit).
    /// </summary>
    public bool FlushRequested { get; set; }

    /// <summary>Whether nothing is wanted and nothing happened, as after most heartbeats.</summary>
    public bool IsEmpty => Messages.Count == 0 && Events.Count == 0 && !FlushRequested;

    /// <summary>Forgets everything: the host has seen to it.</summary>
    public void Clear()
    {
        Messages.Clear();
        Events.Clear();
        FlushRequested = false;
    }

    /// <summary>Stamps the messages that have no reading of a clock yet: each gets one after everything that it follows from.</summary>
    internal void Stamp(HybridLogicalClock clock, long wallMilliseconds)
    {
        foreach (var outgoing in Messages)
        {
            if (outgoing.Message.Hlc != HlcTimestamp.Zero)
                continue;
            outgoing.Message.Hlc = clock.Now(wallMilliseconds);
            outgoing.Message.WallMilliseconds = wallMilliseconds;
        }
    }

    internal void Send(Address to, Message message) => Messages.Add(new Outgoing(to, message));
}
