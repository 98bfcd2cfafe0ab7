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

    /// <summary>Those that are missing somewhere.</summary>
    public required long Lost { get; init; }

    /// <summary>Signals that are counted more than once on some replica.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Signals that are counted, but that no client was told of as acknowledged or unknown.</summary>
    public required long Unexpected { get; init; }

    /// <summary>Whether all replicas of each shard, in all regions, have equal state digests.</summary>
    public required bool DigestsEqual { get; init; }

    /// <summary>On how many replicas the committed signal records are not as many as the signals materialised.</summary>
    public required int CountsOff { get; init; }

    /// <summary>On how many replicas a score or count is not what the formula gives for the signals in its log.</summary>
    public required int ScoresOff { get; init; }

    /// <summary>The largest error of a score against the formula, relative to the score.</summary>
    public required double LargestScoreError { get; init; }

    /// <summary>Invariants that were seen to break while the cluster ran.</summary>
    public IReadOnlyList<InvariantViolation> Violations { get; init; } = [];

    /// <summary>How much, on any replica, is not as the ground truth has it.</summary>
    public long TruthDifferences { get; init; }

    /// <summary>The first of that.</summary>
    public IReadOnlyList<TruthDifference> FirstTruthDifferences { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean =>
        Lost == 0 && Duplicated == 0 && Unexpected == 0 && DigestsEqual && CountsOff == 0 && ScoresOff == 0
        && Violations.Count == 0 && TruthDifferences == 0;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Accepted} accepted, {Materialized} everywhere, {Lost} lost, {Duplicated} duplicated, {Unexpected} unexpected, digests {(DigestsEqual ? "equal" : "NOT equal")}, {CountsOff} replicas with wrong counts, {ScoresOff} with wrong scores{Lines(Violations)}{Lines(FirstTruthDifferences)}");

    private static string Lines<T>(IEnumerable<T> findings) => string.Concat(findings.Select(finding => $"\n{finding}"));
}

/// <summary>
/// Audits a quiet cluster: invariants 1 to 5 of the design and what was watched of 7 and 9, and every score against the formula. It reads the committed
/// logs record by record, and compares them with what clients were told and with what each replica makes of them.
/// </summary>
public sealed class ClusterAudit
{
    private const double ScoreTolerance = 1e-9;

    private readonly SimulatedCluster _cluster;
    private readonly Dictionary<ShardOperation, int> _copies = [];
    private readonly HashSet<ShardOperation> _duplicated = [];
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
        var truth = GroundTruth.Compare(_cluster);
        var copiesWanted = _cluster.Topology.RegionCount * _cluster.Topology.ReplicaCount;
        var everywhere = ledger.Acknowledged.Keys.LongCount(operation => _copies.GetValueOrDefault(operation) >= copiesWanted);
        return new AuditFindings
        {
            Accepted = ledger.Acknowledged.Count,
            Materialized = everywhere,
            Lost = ledger.Acknowledged.Count - everywhere,
            Duplicated = _duplicated.Count,
            Unexpected = _copies.Keys.LongCount(operation => !ledger.Acknowledged.ContainsKey(operation) && !ledger.Unknown.Contains(operation)),
            DigestsEqual = _cluster.Topology.Shards.All(HasEqualDigests),
            CountsOff = _countsOff,
            ScoresOff = _scoresOff,
            LargestScoreError = _largestError,
            Violations = _cluster.Invariants.Violations,
            TruthDifferences = truth.Count,
            FirstTruthDifferences = truth.Differences,
        };
    }

    private void ReadLog(ShardReplica replica)
    {
        var seen = new HashSet<ShardOperation>();
        var formula = new AnalyticalDecay(_cluster.Options.Schema);
        long records = 0;
        for (var index = replica.Raft.Log.FirstIndex; index <= replica.Raft.CommitIndex; index++)
        {
            var envelope = replica.Raft.Log.Read(index);
            if (envelope.Kind != EnvelopeKind.Batch)
                continue;
            var batch = BatchReader.Open(envelope.Payload);
            while (batch.TryRead(out var record))
            {
                if (record.Kind != RecordKind.Signal)
                    continue;
                records++;
                var operation = new ShardOperation(replica.Self.Shard, record.Operation);
                if (seen.Add(operation))
                    formula.Add(record);
                else
                    _duplicated.Add(operation);
            }
        }
        foreach (var operation in seen)
            _copies[operation] = _copies.GetValueOrDefault(operation) + 1;
        Compare(replica, formula, records);
    }

    private void Compare(ShardReplica replica, AnalyticalDecay formula, long records)
    {
        var state = replica.State.TenantOf(TenantId.First).State;
        if (state.SignalsMaterialized != records)
            _countsOff++;
        var time = _cluster.Now.ToUnixTimeMilliseconds();
        var isOff = false;
        foreach (var (item, signal, scope) in formula.Keys)
        {
            var expected = formula.Score(item, signal, scope, time);
            var error = Math.Abs(state.ReadDecayScore(item, signal, scope, time) - expected) / Math.Max(expected, double.Epsilon);
            _largestError = Math.Max(_largestError, error);
            isOff |= error > ScoreTolerance
                || state.ReadCount(item, signal, scope, CountWindow.All, time) != formula.Count(item, signal, scope);
        }
        if (isOff)
            _scoresOff++;
    }

    private bool HasEqualDigests(ShardId shard) => _cluster.Topology.Regions
        .SelectMany(region => _cluster.Replicas(region, shard))
        .Select(replica => replica.State.Digest())
        .Distinct()
        .Count() == 1;
}
