using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>
/// Carries messages between the threads of one process: each goes into its receiver's mailbox as it is, shared by all receivers.
/// Never waits. Safe for use by several threads.
/// </summary>
internal sealed class InProcessTransport(HostContext context) : ITransport
{
    /// <inheritdoc/>
    public void SendSegment(Address from, Address to, SegmentMessage segment) => Deliver(from, to, segment, segment.PayloadBytes);

    /// <inheritdoc/>
    public void Send(Address from, Address to, Message message) => Deliver(from, to, message, 0);

    private void Deliver(Address from, Address to, Message message, int bytes)
    {
        var letter = new Letter(from, to, message);
        if (to.IsGateway)
            context.Gateways[to.Region.Ordinal].Post(letter, LetterKind.Gateway);
        else if (to.IsControlPlane)
            context.ControlPlane.Post(letter, LetterKind.Gateway);
        else if (to.IsNode)
            context.NodeAt(to.Node).PostToNode(letter);
        else
            context.NodeAt(to.Node).WorkerOf(to.Shard).Post(letter, KindOf(from), bytes);
    }

    /// <summary>What kind of room a message takes at a replica: a backlog of replication shuts no client out.</summary>
    internal static LetterKind KindOf(Address from) => from.IsGateway ? LetterKind.Gateway : LetterKind.Replication;
}
