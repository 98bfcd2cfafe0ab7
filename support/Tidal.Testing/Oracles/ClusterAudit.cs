using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>What an audit found. Immutable.</summary>
public sealed record AuditFindings
{
    /// <summary>Distinct signals acknowledged to clients.</summary>
    public required long Accepted { get; init; }

    /// <summary>Those that are in the committed log of every replica of their shard, in every region that holds the tenant.</summary>
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

    /// <summary>Whether all replicas of each shard, in all regions that hold a tenant, have equal digests of its part.</summary>
    public required bool DigestsEqual { get; init; }

    /// <summary>
    /// On how many replicas a tenant's signals materialised are not as many as the operations in its logs, or the committed records not
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

    /// <summary>What is found of tenants where they must leave nothing, a line each.</summary>
    public IReadOnlyList<string> BytesOfStrangers { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean =>
        Lost == 0 && Duplicated == 0 && Unexpected == 0 && DigestsEqual && CountsOff == 0 && ScoresOff == 0
        && Violations.Count == 0 && TruthDifferences == 0 && LeakCount == 0 && BytesOfStrangers.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Accepted} accepted, {Materialized} everywhere, {Lost} lost, {Duplicated} duplicated, {Unexpected} unexpected, digests {(DigestsEqual ? "equal" : "NOT equal")}, {CountsOff} replicas with wrong counts, {ScoresOff} with wrong scores{Lines(Violations)}{Lines(FirstTruthDifferences)}{Lines(FirstLeaks)}{Lines(BytesOfStrangers)}");

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

    private readonly ClusterUnderTest _cluster;
    private readonly Dictionary<(ShardOperation Operation, IdentityKind Kind), int> _copies = [];
    private readonly HashSet<(ShardOperation, IdentityKind)> _duplicated = [];
    private readonly SortedDictionary<(TenantId, ShardId), long> _voided = [];
    private readonly Dictionary<(Address, TenantId), string> _digests = [];
    private int _countsOff;
    private int _scoresOff;
    private double _largestError;

    private ClusterAudit(ClusterUnderTest cluster) => _cluster = cluster;

    /// <summary>Audits a cluster.</summary>
    /// <param name="cluster">The cluster; quiet, or what is under way shows as lost.</param>
    public static AuditFindings Run(ClusterUnderTest cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return cluster.Look(() => new ClusterAudit(cluster).Run());
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
            DigestsEqual = _cluster.Tenants.All(tenant => _cluster.Topology.Shards.All(shard => HasEqualDigests(tenant, shard))),
            CountsOff = _countsOff,
            ScoresOff = _scoresOff,
            LargestScoreError = _largestError,
            Violations = _cluster.Violations,
            LeakCount = _cluster.Leaks.Count,
            FirstLeaks = _cluster.Leaks.Leaks,
            TruthDifferences = truth.Count,
            FirstTruthDifferences = truth.Differences,
            BytesOfStrangers = [.. _cluster.Tenants.SelectMany(BytesOf)],
        };
    }

    private long LostOf(ToldOperations told, IdentityKind kind)
    {
        var copiesWanted = _cluster.Tenants.ToDictionary(tenant => tenant, tenant => _cluster.HoldersOf(tenant).Count * _cluster.Topology.ReplicaCount);
        return told.Acknowledged.Keys.LongCount(acknowledged => _copies.GetValueOrDefault((acknowledged, kind)) < copiesWanted[acknowledged.Tenant]);
    }

    private bool IsUnexpected((ShardOperation Operation, IdentityKind Kind) held)
    {
        var told = held.Kind == IdentityKind.Retraction ? _cluster.Ledger.Retractions : _cluster.Ledger.Signals;
        return !told.MayCount(held.Operation);
    }

    private void ReadLog(ShardReplica replica)
    {
        var tenants = replica.State.Tenants.Keys.Where(tenant => _cluster.HoldersOf(tenant).Contains(replica.Self.Region)).ToList();
        var held = tenants.ToDictionary(tenant => tenant, _ => new CountedRecords());
        foreach (var (tenant, batch) in BatchesOf(replica, tenants))
            held[tenant].Take(batch);
        foreach (var tenant in tenants)
        {
            Count(tenant, replica.Self.Shard, held[tenant]);
            Compare(tenant, replica, held[tenant]);
        }
    }

    private void Count(TenantId tenant, ShardId shard, CountedRecords held)
    {
        (ShardOperation, IdentityKind) KeyOf(RecordIdentity identity) => (new ShardOperation(tenant, shard, identity.Operation), identity.Kind);
        foreach (var key in held.Identities.Select(KeyOf))
            _copies[key] = _copies.GetValueOrDefault(key) + 1;
        _duplicated.UnionWith(held.Duplicated.Select(KeyOf));
    }

    /// <summary>The batches in a replica's log; or, where a checkpoint or a snapshot stands for a part of a tenant's, those that its marks say.</summary>
    private IEnumerable<(TenantId Tenant, ReadOnlyMemory<byte> Batch)> BatchesOf(ShardReplica replica, IReadOnlyCollection<TenantId> tenants)
    {
        var whole = tenants.Where(tenant => replica.State.TenantOf(tenant).Origins.Values.All(origin => origin.OldestHeld <= 1)).ToHashSet();
        var log = replica.Raft.Log;
        var inLog =
            from index in Enumerable.Range((int)log.FirstIndex, (int)(replica.Raft.CommitIndex + 1 - log.FirstIndex))
            let envelope = log.Read((ulong)index)
            where envelope.Kind == EnvelopeKind.Batch
            let tenant = BatchHeader.Read(envelope.Payload.Span).Tenant
            where whole.Contains(tenant)
            select (tenant, envelope.Payload);
        var byMarks =
            from tenant in tenants.Except(whole)
            from origin in replica.State.TenantOf(tenant).Origins
            from batch in _cluster.Tee.Batches.UpTo(tenant, replica.Self.Shard, origin.Key, origin.Value.Mark)
            select (tenant, batch.Bytes);
        return inLog.Concat(byMarks);
    }

    private void Compare(TenantId id, ShardReplica replica, CountedRecords held)
    {
        var tenant = replica.State.TenantOf(id);
        var operations = held.Identities.LongCount(identity => !identity.IsRetraction);
        if (tenant.State.SignalsMaterialized != operations || tenant.SignalRecords != held.SignalRecords)
            _countsOff++;
        var place = (id, replica.Self.Shard);
        _voided[place] = Math.Max(_voided.GetValueOrDefault(place), tenant.SignalsVoided);
        var (state, formula) = (tenant.State, new AnalyticalDecay(_cluster.SchemaOf(id), held.Counted));
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

    private string DigestOf(ShardReplica replica, TenantId tenant)
    {
        if (!_digests.TryGetValue((replica.Self, tenant), out var digest))
            _digests.Add((replica.Self, tenant), digest = replica.State.Digest(tenant));
        return digest;
    }

    private bool HasEqualDigests(TenantId tenant, ShardId shard) => _cluster.HoldersOf(tenant)
        .SelectMany(region => _cluster.Replicas(region, shard))
        .Select(replica => DigestOf(replica, tenant))
        .Distinct()
        .Count() == 1;

    private IEnumerable<string> BytesOf(TenantId tenant) =>
        from found in TenantBytes.Of(_cluster, tenant, [.. _cluster.StrangersTo(tenant)])
        select $"{_cluster.NameOf(tenant)} has left {found}";
}
