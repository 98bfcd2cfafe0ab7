using System.Runtime.ExceptionServices;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Testing;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;

namespace Tidal.Cli;

/// <summary>Plays a day of signals through the simulated cluster at its own times, and audits what came of it.</summary>
internal sealed class ReplayRun : IDisposable
{
    /// <summary>How long before the first row the cluster is started, so that every shard has a primary by then.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>How long the cluster may take to become quiet after the last row.</summary>
    private static readonly TimeSpan QuietBound = TimeSpan.FromMinutes(10);

    /// <summary>How long a move may take after the last row and the last fault.</summary>
    private static readonly TimeSpan MigrationBound = TimeSpan.FromMinutes(10);

    private readonly ReplayPlan _plan;
    private readonly IReplayObserver _observer;
    private readonly SimulatedCluster _cluster;
    private readonly ReplayClients _clients;
    private readonly ReplayFaults _faults;
    private readonly ReplayHides _hides;
    private readonly ReplayMigrations _migrations;
    private readonly PlayedQuery?[] _answers;
    private ExceptionDispatchInfo? _failure;
    private int _rowsDone;

    /// <summary>Sets a replay up.</summary>
    /// <param name="plan">What is to be played.</param>
    /// <param name="observer">Hears how it goes.</param>
    public ReplayRun(ReplayPlan plan, IReplayObserver observer)
    {
        _plan = plan;
        _observer = observer;
        var tenants = new ReplayTenants(plan);
        _cluster = new SimulatedCluster(OptionsOf(plan, tenants));
        _clients = new ReplayClients(_cluster, tenants, plan.DuplicateEvery);
        _faults = new ReplayFaults(_cluster, plan, _clients, observer);
        _hides = new ReplayHides(_cluster, plan, _clients, Fail);
        _migrations = new ReplayMigrations(_cluster, plan, _clients, _faults, observer, Fail);
        _answers = new PlayedQuery?[plan.Queries.Count];
    }

    /// <summary>Plays the day.</summary>
    /// <param name="cancellation">Stops it between two events.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ReplayReport Run(CancellationToken cancellation)
    {
        _faults.Schedule();
        _hides.Schedule();
        _migrations.Schedule();
        foreach (var (place, query) in _plan.Queries.Index().Where(query => query.Item.At is not null))
            At(_plan.At(query.At!.Value), () => _ = Ask(place, query, null));
        ScheduleRow(0);
        RunUntil(() => _rowsDone == _plan.Rows.Count, _plan.End - _cluster.Now + QuietBound, cancellation);
        _faults.EndAll();
        RunUntil(() => _migrations.AreOver, MigrationBound, cancellation);
        _migrations.GiveUp();
        RunUntil(() => _migrations.AreOver, MigrationBound, cancellation);
        RunUntil(() => false, TimeSpan.FromSeconds(1), cancellation);
        RunQuiet(cancellation);
        return Report();
    }

    /// <inheritdoc/>
    public void Dispose() => _cluster.Dispose();

    private static ClusterOptions OptionsOf(ReplayPlan plan, ReplayTenants tenants) => new()
    {
        Seed = plan.Seed,
        Topology = ReplayCluster.Topology,
        Schema = ReplayCluster.Schema(plan.HalfLife),
        Tenants = tenants.Founded,
        Start = plan.Start - WarmUp,
        Replication = new ReplicationOptions
        {
            Raft = new RaftOptions
            {
                HeartbeatInterval = ReplayCluster.Heartbeat,
                ElectionTimeoutMin = ReplayCluster.ElectionTimeoutMin,
                ElectionTimeoutMax = ReplayCluster.ElectionTimeoutMax,
            },
            ShipBeatInterval = plan.Migrations.Count == 0 ? ReplayCluster.ShipBeat : ReplayCluster.ShipBeatOfTenants,
            ShipResendAfter = ReplayCluster.ShipBeat,
        },
    };

    private void At(DateTimeOffset time, Action action) => _cluster.After(time - _cluster.Now, action);

    private void ScheduleRow(int place)
    {
        if (place == _plan.Rows.Count)
            return;
        At(DateTimeOffset.FromUnixTimeMilliseconds(_plan.Rows[place].TimeMilliseconds), () =>
        {
            _ = Play(_plan.Rows[place]);
            ScheduleRow(place + 1);
        });
    }

    private async Task Play(SignalRow row)
    {
        try
        {
            await _clients.Play(row).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // Nobody awaits a row: what goes wrong in one must end the replay, not vanish.
            Fail(failure);
        }
        _rowsDone++;
        _observer.Progress((double)_rowsDone / _plan.Rows.Count, _cluster.Now);
    }

    private void Fail(Exception failure) => _failure ??= ExceptionDispatchInfo.Capture(failure);

    private async Task Ask(int place, QuerySpec query, DateTimeOffset? readTime)
    {
        var asked = _cluster.Now;
        var answer = await _clients.AskAsync(query.Region, query.Query, readTime).ConfigureAwait(false);
        _answers[place] = PlayedQuery.Of(query, readTime ?? asked, answer);
    }

    private void RunUntil(Func<bool> condition, TimeSpan bound, CancellationToken cancellation)
    {
        // In slices, so that a cancellation is seen.
        var until = _cluster.Elapsed + bound;
        while (_cluster.Elapsed < until)
        {
            cancellation.ThrowIfCancellationRequested();
            _failure?.Throw();
            var slice = TimeSpan.FromSeconds(Math.Min(60, (until - _cluster.Elapsed).TotalSeconds));
            if (_cluster.RunUntil(condition, slice))
                return;
        }
    }

    private void RunQuiet(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _cluster.RunUntilQuiet(QuietBound);
    }

    private ReplayReport Report()
    {
        foreach (var (place, query) in _plan.Queries.Index().Where(query => query.Item.At is null))
            Await(Ask(place, query, _plan.End));
        var trending = Trending();
        var findings = ClusterAudit.Run(_cluster);
        return new ReplayReport
        {
            Signals = _plan.Rows.Count,
            Accepted = findings.Accepted,
            Materialized = findings.Materialized,
            Lost = findings.Lost,
            Duplicated = findings.Duplicated,
            Retries = _clients.Retries,
            SentTwice = _clients.SentTwice,
            Voided = findings.Voided,
            Hides = _hides.Acknowledged,
            HidesUndone = _hides.Undone,
            AnswersWatched = _cluster.Leaks.AnswersWatched,
            Leaks = findings.LeakCount,
            DigestsEqual = findings.DigestsEqual,
            GroundTruthEqual = findings.TruthDifferences == 0,
            HistoryHash = _cluster.History.Hash(),
            Seed = _plan.Seed,
            HalfLife = _plan.HalfLife,
            VirtualSeconds = _cluster.Elapsed.TotalSeconds,
            ReadTime = _plan.End,
            Faults = _faults.Played,
            Failovers = _faults.Failovers,
            Migrations = _migrations.Played,
            Heals = [.. Heal.Of(_cluster.History.Reconciliations).Select(heal => PlayedHeal.Of(heal, _cluster.Topology, _cluster.Options.Start))],
            RecordsReconciled = (long)Heal.RecordsShippedBy(_cluster.History.Reconciliations),
            Trending = trending,
            Queries = [.. _answers.OfType<PlayedQuery>()],
            Checks = ChecksOf(findings),
        };
    }

    private List<AuditCheck> ChecksOf(AuditFindings findings) =>
    [
        new("nothing unasked for is counted", findings.Unexpected == 0, $"{findings.Unexpected} signals"),
        new("log records = signals materialised", findings.CountsOff == 0, $"{findings.CountsOff} of {ReplicaCount} replicas differ"),
        new("scores and counts = the formula", findings.ScoresOff == 0, FormattableString.Invariant($"largest error {findings.LargestScoreError:0.0e+0} of the score")),
        new("invariants watched at every step", findings.Violations.Count == 0, $"{findings.Violations.Count} violations"),
        new("cohorts as in the data", _clients.OtherCohorts == 0, $"{_clients.OtherCohorts} signals with another"),
        new("every query was answered", _answers.All(answer => answer is not null), $"{_answers.Count(answer => answer is not null)} of {_answers.Length}"),
    ];

    private static int ReplicaCount =>
        ReplayCluster.Topology.RegionCount * ReplayCluster.Topology.ShardCount * ReplayCluster.Topology.ReplicaCount;

    private List<TrendingList> Trending()
    {
        var cohorts = _plan.Rows.Select(row => row.Locale).Distinct().Order(StringComparer.Ordinal).Select(locale => $"{ReplayCluster.CohortAttribute}:{locale}");
        var lists = cohorts.Select(cohort => new TrendingList(cohort, TopOf($"RETRIEVE items COHORT {ReplayCluster.CohortAttribute}:\"{cohort[(ReplayCluster.CohortAttribute.Length + 1)..]}\" LIMIT 10")));
        return [.. lists, new TrendingList("everyone", TopOf("RETRIEVE items LIMIT 10"))];
    }

    private IReadOnlyList<ListedItem> TopOf(string query) => ListedItem.Of(
        _cluster.Await(_clients.AskAsync(ReplayCluster.DefaultRegion, RetrieveParser.Parse(query), _plan.End), TimeSpan.FromSeconds(10)).Items);

    private void Await(Task task) => _cluster.RunUntil(() => task.IsCompleted, TimeSpan.FromSeconds(10));
}
