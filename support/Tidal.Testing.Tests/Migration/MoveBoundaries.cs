using Tidal.Log;
using Tidal.Replication;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Migration;

/// <summary>An instant of a move: before it something is not so yet, after it it is.</summary>
/// <param name="Event">The event that brings it about, counted from the founding of the cluster.</param>
/// <param name="Name">What it brings about.</param>
internal readonly record struct MoveBoundary(long Event, string Name);

/// <summary>
/// Finds the boundaries of a move in a run without a fault: each table version set, and learned by source and target; each seal and
/// erase proposed, committed and gone from the disk; each snapshot merged. A run of the same seed comes by all of them again.
/// </summary>
internal sealed class MoveBoundaries : IClusterWatch
{
    private readonly MovingCluster _move;
    private readonly HashSet<string> _seen = [];
    private readonly List<MoveBoundary> _found = [];
    private readonly Dictionary<Address, ulong> _looked = [];
    private readonly ulong _founding;
    private ulong _tableVersion;

    private MoveBoundaries(MovingCluster move) => (_move, _founding, _tableVersion) = (move, move.Cluster.Table.Version, move.Cluster.Table.Version);

    /// <summary>The boundaries of a move, in order.</summary>
    public static IReadOnlyList<MoveBoundary> Of(ulong seed, Action<MovingCluster> begin)
    {
        using var move = new MovingCluster(seed);
        var boundaries = new MoveBoundaries(move);
        move.Cluster.Add(boundaries);
        begin(move);
        move.RunUntilSettled();
        // The last disk is clean a moment after the table says so.
        move.Cluster.Run(TimeSpan.FromMilliseconds(300));
        return boundaries._found;
    }

    public void OnStepped(ShardReplica replica)
    {
        var version = _move.Cluster.Table.Version;
        if (version > _tableVersion)
            Found($"version {_tableVersion = version} is set");
        if (!replica.Raft.IsReadyPrimary)
            return;
        var known = _move.Cluster.NodeAt(replica.Self.Node).Tenants.Table.Version;
        // The third member only looks on, and what one shard learns the other learns at the same beat.
        if (known > _founding && replica.Self.Region != MovingCluster.Third && replica.Self.Shard.Number == 0)
            Found($"{NameOf(replica.Self)} learns version {known}");
        LookForProposals(replica);
    }

    public void OnHappened(ShardReplica replica, in ReplicaEvent happened)
    {
        if (happened.Kind is ReplicaEventKind.Sealed or ReplicaEventKind.Reopened or ReplicaEventKind.Erased or ReplicaEventKind.SnapshotMerged or ReplicaEventKind.SnapshotArriving)
            Found($"{NameOf(replica.Self)} commits: {happened.Kind} {happened.Number}");
        else if (happened.Kind == ReplicaEventKind.Checkpointed)
            Found($"{NameOf(replica.Self)} has a checkpoint");
    }

    private void LookForProposals(ShardReplica primary)
    {
        var log = primary.Raft.Log;
        for (var index = _looked.GetValueOrDefault(primary.Self) + 1; index <= log.LastIndex; index++)
        {
            if (index >= log.FirstIndex && ProposalIn(log.Read(index)) is { } proposal)
                Found($"{NameOf(primary.Self)} proposes: {proposal}");
        }
        _looked[primary.Self] = log.LastIndex;
    }

    private static string? ProposalIn(Envelope envelope)
    {
        if (envelope.Kind == EnvelopeKind.Control)
            return ControlRecord.Decode(envelope.Payload) is { Kind: ControlKind.Erase or ControlKind.Snapshot } control ? $"{control.Kind} {control.ChunkNumber}" : null;
        var batch = BatchReader.Open(envelope.Payload);
        while (batch.TryRead(out var record))
        {
            if (record.Kind is RecordKind.Seal or RecordKind.TenantMarker)
                return $"{record.Kind} of {batch.Header.Origin.Region}";
        }
        return null;
    }

    private void Found(string name)
    {
        if (_seen.Add(name))
            _found.Add(new MoveBoundary(_move.Cluster.EventsHandled, name));
    }

    private string NameOf(Address place) => $"{_move.Cluster.Topology.NameOf(place.Region)}/{place.Shard.Number}";
}
