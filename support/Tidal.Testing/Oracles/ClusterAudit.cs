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

    /// <summary>The largest error of a score against the formula, as it stands.</summary>
    public double LargestScoreDifference { get; init; }

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
/// formula. It reads the committed logs record by record (of replicas whose bytes are the same, those of one), and compares them with what
/// clients were told, with what each replica makes of them, and with the ground truth.
/// </summary>
public sealed class ClusterAudit
{
    private const double ScoreTolerance = 1e-9;

    private readonly ClusterUnderTest _cluster;
    private readonly long _timeMilliseconds;
    private readonly Dictionary<(TenantId, ShardId), List<HeldLog>> _held = [];
    private readonly Dictionary<(ShardOperation Operation, IdentityKind Kind), int> _copies = [];
    private readonly HashSet<(ShardOperation, IdentityKind)> _duplicated = [];
    private readonly SortedDictionary<(TenantId, ShardId), long> _voided = [];
    private readonly Dictionary<(Address, TenantId), string> _digests = [];
    private int _countsOff;
    private int _scoresOff;
    private double _largestError;
    private double _largestDifference;

    private ClusterAudit(ClusterUnderTest cluster) => (_cluster, _timeMilliseconds) = (cluster, cluster.Now.ToUnixTimeMilliseconds());

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
        foreach (var ((tenant, shard), logs) in _held)
            logs.ForEach(held => Count(tenant, shard, held));
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
            LargestScoreDifference = _largestDifference,
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
        var batches = BatchesOf(replica, tenants).ToLookup(batch => batch.Tenant, batch => batch.Batch);
        foreach (var tenant in tenants)
            Compare(tenant, replica, HeldBy(tenant, replica.Self.Shard, batches[tenant]));
    }

    // In each region the origins lie in one log in another order.
    private HeldLog HeldBy(TenantId tenant, ShardId shard, IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        var byOrigin = batches.OrderBy(batch => BatchHeader.Read(batch.Span).Origin.Region).ToList();
        if (!_held.TryGetValue((tenant, shard), out var known))
            _held.Add((tenant, shard), known = []);
        if (known.Find(one => one.IsOf(byOrigin)) is not { } held)
            known.Add(held = new HeldLog(byOrigin, _cluster.SchemaOf(tenant), _timeMilliseconds));
        held.Replicas++;
        return held;
    }

    private void Count(TenantId tenant, ShardId shard, HeldLog held)
    {
        (ShardOperation, IdentityKind) KeyOf(RecordIdentity identity) => (new ShardOperation(tenant, shard, identity.Operation), identity.Kind);
        foreach (var key in held.Records.Identities.Select(KeyOf))
            _copies[key] = _copies.GetValueOrDefault(key) + held.Replicas;
        _duplicated.UnionWith(held.Records.Duplicated.Select(KeyOf));
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

    private void Compare(TenantId id, ShardReplica replica, HeldLog held)
    {
        var tenant = replica.State.TenantOf(id);
        var operations = held.Records.Identities.LongCount(identity => !identity.IsRetraction);
        if (tenant.State.SignalsMaterialized != operations || tenant.SignalRecords != held.Records.SignalRecords)
            _countsOff++;
        var place = (id, replica.Self.Shard);
        _voided[place] = Math.Max(_voided.GetValueOrDefault(place), tenant.SignalsVoided);
        var isOff = false;
        foreach (var expected in held.Scores)
        {
            var score = tenant.State.ReadDecayScore(expected.Item, expected.Signal, expected.Scope, _timeMilliseconds);
            var error = Math.Abs(score - expected.Score) / Math.Max(expected.Terms, double.Epsilon);
            _largestError = Math.Max(_largestError, error);
            _largestDifference = Math.Max(_largestDifference, Math.Abs(score - expected.Score));
            isOff |= error > ScoreTolerance
                || tenant.State.ReadCount(expected.Item, expected.Signal, expected.Scope, CountWindow.All, _timeMilliseconds) != expected.Count;
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
