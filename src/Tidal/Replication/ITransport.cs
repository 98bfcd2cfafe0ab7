namespace Tidal.Replication;

/// <summary>
/// The one door between nodes. Delivery is not promised: a message may be lost, late, doubled or overtaken, and the
/// state machines must survive all of it. Implementations are called by one thread per sender and must not block.
/// </summary>
public interface ITransport
{
    /// <summary>Sends log data: envelopes inside a group, batches between regions.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="segment">A run of the log; immutable from here on, and shared by all receivers.</param>
    void SendSegment(Address from, Address to, SegmentMessage segment);

    /// <summary>Sends anything else: votes, acknowledgements, gap requests, heartbeats, queries.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="message">The message; immutable from here on.</param>
    void Send(Address from, Address to, Message message);
}
