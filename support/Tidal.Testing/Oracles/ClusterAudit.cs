using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>What an audit found. Immutable.</summary>
public sealed record AuditFindings
{
    /// <summary>Distinct signals acknowledged to clients.</summary>
    public required long Accepted { get; init; }

    /// <summary>Those that are in the committed log of every replica of their shard, in every region.</summary>
    public required long Materialized { get; init; }

    /// <summary>Signals and retractions acknowledged that are missing somewhere.</summary>
    public required long Lost { get; init; }

    /// <summary>Signals and retractions that are counted more than once on some replica.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Signals and retractions that are counted, but that no client was told of as acknowledged or unknown.</summary>
    public required long Unexpected { get; init; }

    /// <summary>
    /// Signal records that do not count, because the operation was retried in another region and a record of it counts already
    /// (invariant 2): on the replica that has most, each operation's records in one shard's logs.
    /// </summary>
    public long Voided { get; init; }

    /// <summary>Whether all replicas of each shard, in all regions, have equal state digests.</summary>
    public required bool DigestsEqual { get; init; }

    /// <summary>
    /// On how many replicas the signals materialised are not as many as the operations in its logs, or the committed records not
    /// as many as those and the voided ones.
    /// </summary>
    public required int CountsOff { get; init; }

    /// <summary>On how many replicas a score or count is not what the formula gives for the signals in its log.</summary>
    public required int ScoresOff { get; init; }

    /// <summary>The largest error of a score against the formula, relative to the sum of all that was added and taken back.</summary>
    public required double LargestScoreError { get; init; }

    /// <summary>Invariants that were seen to break while the cluster ran.</summary>
    public IReadOnlyList<InvariantViolation> Violations { get; init; } = [];

    /// <summary>How much, on any replica, is not as the ground truth has it.</summary>
    public long TruthDifferences { get; init; }

    /// <summary>The first of that.</summary>
    public IReadOnlyList<TruthDifference> FirstTruthDifferences { get; init; } = [];

    /// <summary>How often something hidden was shown (invariant 6).</summary>
    public long LeakCount { get; init; }

    /// <summary>The first leaks, a line each.</summary>
    public IReadOnlyList<string> FirstLeaks { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean =>
        Lost == 0 && Duplicated == 0 && Unexpected == 0 && DigestsEqual && CountsOff == 0 && ScoresOff == 0
        && Violations.Count == 0 && TruthDifferences == 0 && LeakCount == 0;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Accepted} accepted, {Materialized} everywhere, {Lost} lost, {Duplicated} duplicated, {Unexpected} unexpected, digests {(DigestsEqual ? "equal" : "NOT equal")}, {CountsOff} replicas with wrong counts, {ScoresOff} with wrong scores{Lines(Violations)}{Lines(FirstTruthDifferences)}{Lines(FirstLeaks)}");

    private static string Lines<T>(IEnumerable<T> findings) => string.Concat(findings.Select(finding => $"\n{finding}"));
}

/// <summary>
/// Audits a quiet cluster: invariants 1 to 5 of the design, what was watched of 6, 7 and 9, and every score against the
/// formula. It reads the committed logs record by record, and compares them with what clients were told, with what each replica
/// makes of them, and with the ground truth.
/// </summary>
public sealed class ClusterAudit
{
    private const double ScoreTolerance = 1e-9;

    private readonly SimulatedCluster _cluster;
    private readonly Dictionary<(ShardId Shard, RecordIdentity Identity), int> _copies = [];
    private readonly HashSet<(ShardId, RecordIdentity)> _duplicated = [];
    private readonly SortedDictionary<ShardId, long> _voided = [];
    private readonly Dictionary<Address, string> _digests = [];
    private int _countsOff;
    private int _scoresOff;
    private double _largestError;

    private ClusterAudit(SimulatedCluster cluster) => _cluster = cluster;

    /// <summary>Audits a cluster.</summary>
    /// <param name="cluster">The cluster; quiet, or what is under way shows as lost.</param>
    public static AuditFindings Run(SimulatedCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new ClusterAudit(cluster).Run();
    }

    private AuditFindings Run()
    {
        foreach (var replica in _cluster.AllReplicas)
            ReadLog(replica);
        var ledger = _cluster.Ledger;
        var truth = GroundTruth.Compare(_cluster, DigestOf);
        var lost = LostOf(ledger.Signals, IdentityKind.Write);
        return new AuditFindings
        {
            Accepted = ledger.Acknowledged.Count,
            Materialized = ledger.Acknowledged.Count - lost,
            Lost = lost + LostOf(ledger.Retractions, IdentityKind.Retraction),
            Duplicated = _duplicated.Count,
            Unexpected = _copies.Keys.LongCount(IsUnexpected),
            Voided = _voided.Values.Sum(),
            DigestsEqual = _cluster.Topology.Shards.All(HasEqualDigests),
            CountsOff = _countsOff,
            ScoresOff = _scoresOff,
            LargestScoreError = _largestError,
            Violations = _cluster.Invariants.Violations,
            LeakCount = _cluster.Leaks.Count,
            FirstLeaks = _cluster.Leaks.Leaks,
            TruthDifferences = truth.Count,
            FirstTruthDifferences = truth.Differences,
        };
    }

    private long LostOf(ToldOperations told, IdentityKind kind)
    {
        var copiesWanted = _cluster.Topology.RegionCount * _cluster.Topology.ReplicaCount;
        return told.Acknowledged.Keys.LongCount(acknowledged =>
            _copies.GetValueOrDefault((acknowledged.Shard, new RecordIdentity(acknowledged.Operation, kind))) < copiesWanted);
    }

    private bool IsUnexpected((ShardId Shard, RecordIdentity Identity) held)
    {
        var told = held.Identity.IsRetraction ? _cluster.Ledger.Retractions : _cluster.Ledger.Signals;
        return !told.MayCount(new ShardOperation(held.Shard, held.Identity.Operation));
    }

    private void ReadLog(ShardReplica replica)
    {
        var held = new CountedRecords();
        foreach (var batch in BatchesOf(replica))
            held.Take(batch);
        foreach (var identity in held.Identities)
            _copies[(replica.Self.Shard, identity)] = _copies.GetValueOrDefault((replica.Self.Shard, identity)) + 1;
        _duplicated.UnionWith(held.Duplicated.Select(identity => (replica.Self.Shard, identity)));
        Compare(replica, held);
    }

    /// <summary>The batches in a replica's log; or, where a checkpoint or a snapshot stands for a part of it, those that its marks say.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> BatchesOf(ShardReplica replica)
    {
        var origins = replica.State.TenantOf(TenantId.First).Origins;
        if (origins.Values.Any(origin => origin.OldestHeld > 1))
            return origins.SelectMany(origin => _cluster.World.Tee.Batches.UpTo(TenantId.First, replica.Self.Shard, origin.Key, origin.Value.Mark))
                .Select(batch => batch.Bytes);
        var log = replica.Raft.Log;
        return Enumerable.Range((int)log.FirstIndex, (int)(replica.Raft.CommitIndex + 1 - log.FirstIndex))
            .Select(index => log.Read((ulong)index)).Where(envelope => envelope.Kind == EnvelopeKind.Batch).Select(envelope => envelope.Payload);
    }

    private void Compare(ShardReplica replica, CountedRecords held)
    {
        var tenant = replica.State.TenantOf(TenantId.First);
        var operations = held.Identities.LongCount(identity => !identity.IsRetraction);
        if (tenant.State.SignalsMaterialized != operations || tenant.SignalRecords != held.SignalRecords)
            _countsOff++;
        _voided[replica.Self.Shard] = Math.Max(_voided.GetValueOrDefault(replica.Self.Shard), tenant.SignalsVoided);
        var (state, formula) = (tenant.State, new AnalyticalDecay(_cluster.Options.Schema, held.Counted));
        var time = _cluster.Now.ToUnixTimeMilliseconds();
        var isOff = false;
        foreach (var (item, signal, scope) in formula.Keys)
        {
            var expected = formula.Score(item, signal, scope, time);
            var error = Math.Abs(state.ReadDecayScore(item, signal, scope, time) - expected)
                / Math.Max(formula.Terms(item, signal, scope, time), double.Epsilon);
            _largestError = Math.Max(_largestError, error);
            isOff |= error > ScoreTolerance
                || state.ReadCount(item, signal, scope, CountWindow.All, time) != formula.Count(item, signal, scope);
        }
        if (isOff)
            _scoresOff++;
    }

    private string DigestOf(ShardReplica replica)
    {
        if (!_digests.TryGetValue(replica.Self, out var digest))
            _digests.Add(replica.Self, digest = replica.State.Digest());
        return digest;
    }

    private bool HasEqualDigests(ShardId shard) => _cluster.Topology.Regions
        .SelectMany(region => _cluster.Replicas(region, shard))
        .Select(DigestOf)
        .Distinct()
        .Count() == 1;
}
