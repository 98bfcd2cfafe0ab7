using Tidal.Hosting;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Testing.Oracles;

namespace Tidal.Cli;

/// <summary>
/// Audits a quiet cluster after a load, shard by shard: what was acknowledged is what every replica counts, once; every score is the
/// formula's; and every replica is, to the bit, what a single node makes of the origins' logs. Used by one thread.
/// </summary>
internal sealed class LoadAudit
{
    private const double ScoreTolerance = 1e-9;
    private const int ProblemsTold = 20;

    private readonly record struct Cell(ItemId Item, SignalTypeId Type, CohortScope Scope);

    private readonly record struct Expected(double Score, double Terms, int Count);

    private readonly TidalCluster _cluster;
    private readonly LoadLedger _ledger;
    private readonly List<string> _problems = [];

    /// <summary>An audit.</summary>
    /// <param name="cluster">The cluster; quiet, or what is under way shows as wrong.</param>
    /// <param name="ledger">What was acknowledged.</param>
    public LoadAudit(TidalCluster cluster, LoadLedger ledger) => (_cluster, _ledger) = (cluster, ledger);

    /// <summary>Reads a replica's digest.</summary>
    public Func<ShardReplica, string> DigestOf { get; init; } = replica => replica.State.Digest(BenchCluster.Tenant);

    /// <summary>Audits.</summary>
    /// <param name="cancellation">Interrupts it.</param>
    /// <returns>What is wrong, the first of it in words.</returns>
    public IReadOnlyList<string> Run(CancellationToken cancellation)
    {
        var acknowledged = ByShard();
        foreach (var shard in _cluster.Topology.Shards)
        {
            cancellation.ThrowIfCancellationRequested();
            Audit(shard, acknowledged[shard.Number]);
        }
        return _problems.Count <= ProblemsTold ? _problems : [.. _problems.Take(ProblemsTold), $"and {_problems.Count - ProblemsTold} more"];
    }

    private List<AcknowledgedSignal>[] ByShard()
    {
        var shards = _ledger.Items.Select(item => _cluster.Router.ShardOf(BenchCluster.Tenant, item).Number).ToArray();
        List<AcknowledgedSignal>[] byShard = [.. _cluster.Topology.Shards.Select(_ => new List<AcknowledgedSignal>())];
        foreach (var signal in _ledger.Signals)
            byShard[shards[signal.Item]].Add(signal);
        return byShard;
    }

    private void Audit(ShardId shard, List<AcknowledgedSignal> acknowledged)
    {
        var batches = Look(new Address(default, shard, default), BatchesOf);
        MustBeOnce(shard, LoggedSignals.Of(batches.SelectMany(origin => origin)), acknowledged.Count);
        var time = _cluster.Now.ToUnixTimeMilliseconds();
        var expected = ExpectedOf(acknowledged, time);
        var imports = new ImportOptions([.. _cluster.Topology.Regions.Select(_cluster.Topology.NameOf)], shard) { Tenant = BenchCluster.Tenant };
        using var truth = TidalDb.Open(BenchCluster.Schema, new TidalDbOptions { Imports = imports });
        foreach (var origin in batches)
            truth.ImportAsync(origin).AsTask().GetAwaiter().GetResult();
        var digest = truth.Inspect(state => state.Digest(BenchCluster.Tenant));
        foreach (var place in PlacesOf(shard))
            Look(place, replica => Compare(replica, digest, expected, acknowledged.Count, time));
    }

    // The formula, from what was acknowledged alone.
    private Dictionary<Cell, Expected> ExpectedOf(List<AcknowledgedSignal> acknowledged, long time)
    {
        var formula = new AnalyticalDecay(BenchCluster.Schema);
        foreach (var signal in acknowledged)
        {
            formula.Add(LogRecord.Signal(
                default, default, _ledger.StartMilliseconds + signal.EventMilliseconds, _ledger.Items[signal.Item], _ledger.Users[signal.User],
                new SignalTypeId(signal.Type), cohorts: BenchCluster.Cohorts[LoadLedger.LocaleOf(signal.User)]));
        }
        return formula.Keys.ToDictionary(
            key => new Cell(key.Item, key.Signal, key.Scope),
            key => new Expected(
                formula.Score(key.Item, key.Signal, key.Scope, time), formula.Terms(key.Item, key.Signal, key.Scope, time), formula.Count(key.Item, key.Signal, key.Scope)));
    }

    private void MustBeOnce(ShardId shard, LoggedSignals logged, int acknowledged)
    {
        foreach (var operation in logged.Twice)
            _problems.Add($"{shard}: {operation} is in the logs twice");
        if (logged.Count != acknowledged)
            _problems.Add($"{shard}: {acknowledged} signals were acknowledged and {logged.Count} are in the logs");
    }

    private bool Compare(ShardReplica? replica, string digest, Dictionary<Cell, Expected> expected, int acknowledged, long time)
    {
        if (replica is null)
        {
            _problems.Add("a replica does not run");
            return false;
        }
        var state = replica.State.TenantOf(BenchCluster.Tenant).State;
        if (state.SignalsMaterialized != acknowledged)
            _problems.Add($"{replica.Self}: {acknowledged} signals were acknowledged and {state.SignalsMaterialized} count");
        if (DigestOf(replica) != digest)
            _problems.Add($"{replica.Self}: it is not what a single node makes of the logs");
        foreach (var (cell, must) in expected)
            Compare(replica, state, cell, must, time);
        return true;
    }

    private void Compare(ShardReplica replica, TenantState state, Cell cell, in Expected must, long time)
    {
        var count = state.ReadCount(cell.Item, cell.Type, cell.Scope, CountWindow.All, time);
        if (count != must.Count)
            _problems.Add($"{replica.Self}: {cell} has the count {count}, and must have {must.Count}");
        var score = state.ReadDecayScore(cell.Item, cell.Type, cell.Scope, time);
        if (Math.Abs(score - must.Score) > ScoreTolerance * must.Terms)
            _problems.Add(FormattableString.Invariant($"{replica.Self}: {cell} has the score {score:R}, and must have {must.Score:R}"));
    }

    // By origin, in order.
    private List<ReadOnlyMemory<byte>>[] BatchesOf(ShardReplica? replica)
    {
        List<ReadOnlyMemory<byte>>[] batches = [.. _cluster.Topology.Regions.Select(_ => new List<ReadOnlyMemory<byte>>())];
        if (replica is null)
            return batches;
        var log = replica.Raft.Log;
        for (var index = log.FirstIndex; index <= replica.Raft.CommitIndex; index++)
        {
            var envelope = log.Read(index);
            if (envelope.Kind == EnvelopeKind.Batch)
                batches[BatchHeader.Read(envelope.Payload.Span).Origin.Region.Ordinal].Add(envelope.Payload.ToArray());
        }
        return batches;
    }

    private IEnumerable<Address> PlacesOf(ShardId shard) =>
        from region in _cluster.Topology.Regions
        from replica in _cluster.Topology.Replicas
        select new Address(region, shard, replica);

    private T Look<T>(Address place, Func<ShardReplica?, T> look) => _cluster.InspectAsync(place, look).GetAwaiter().GetResult();
}
