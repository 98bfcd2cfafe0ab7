using Tidal.Replication.Raft;

namespace Tidal.Replication;

// A primary that has handed its office over hands on what gateways still ask of it: told to ask another, one that is far away
// would have its answer too late. Writes are not handed on: a try is meant for a replica in its epoch.
public sealed partial class ShardReplica
{
    private readonly Queue<ReadHandedOn> _handedOn = [];

    private bool IsAboutToAnswer => !_raft.IsReadyPrimary && _raft.Role is (RaftRole.Candidate or RaftRole.Primary);

    private bool TryHandOn(Address gateway, GatewayRequest request)
    {
        if (request is LocateRequest || _raft.HandedOverTo is not { } heir)
            return false;
        Effects.Send(Self with { Replica = heir }, new ReadHandedOn { Gateway = gateway, Request = request });
        return true;
    }

    /// <summary>Takes a read from the primary before. It may come before this replica may answer: then it waits.</summary>
    private void OnHandedOn(ReadHandedOn read)
    {
        if (IsAboutToAnswer && _handedOn.Count < _settings.Options.ReadsWaitingMax)
            _handedOn.Enqueue(read);
        else
            OnGatewayRequest(read.Gateway, read.Request);
    }

    private void AnswerHandedOn()
    {
        while (!IsAboutToAnswer && _handedOn.TryDequeue(out var read))
            OnGatewayRequest(read.Gateway, read.Request);
    }
}
