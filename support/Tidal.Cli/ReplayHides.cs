using Tidal.Log;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.History;

namespace Tidal.Cli;

/// <summary>
/// Hides of a replay: seeded users of the day hide items that they have edited, right after it, and some of them undo that
/// later, in any region. Every hour, and whenever a fault begins or ends, each of them asks for items again; the cluster's leak
/// watcher looks at every answer.
/// </summary>
internal sealed class ReplayHides
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private const double UndoneShare = 0.25;

    private readonly SimulatedCluster _cluster;
    private readonly ReplayPlan _plan;
    private readonly ReplayClients _clients;
    private readonly Action<Exception> _failed;
    private readonly DeterministicRandom _random;
    private readonly List<SignalRow> _hidden = [];
    private bool _isAsking;

    /// <summary>Prepares the hides of a plan.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="plan">The plan: how many.</param>
    /// <param name="clients">Through whom.</param>
    /// <param name="failed">Told of what goes wrong, as nobody awaits a hide.</param>
    public ReplayHides(SimulatedCluster cluster, ReplayPlan plan, ReplayClients clients, Action<Exception> failed)
    {
        (_cluster, _plan, _clients, _failed) = (cluster, plan, clients, failed);
        _random = new DeterministicRandom(EntityHash.Mix(plan.Seed + 1));
    }

    /// <summary>Hides acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Those of them that were undone.</summary>
    public int Undone { get; private set; }

    /// <summary>Puts all on the calendar.</summary>
    public void Schedule()
    {
        if (_plan.Hides == 0)
            return;
        foreach (var row in Drawn())
            At(DateTimeOffset.FromUnixTimeMilliseconds(row.TimeMilliseconds) + RetryPause, () => _ = Begin(HideAsync(row)));
        for (var time = _plan.Start + AskInterval; time < _plan.End; time += AskInterval)
            At(time, AskForAll);
        _cluster.History.Written += line =>
        {
            if (line.Kind is HistoryKind.FaultBegan or HistoryKind.FaultEnded)
                _cluster.After(TimeSpan.Zero, AskForAll);
        };
    }

    /// <summary>Each user who has hidden something asks for more by the same creator, in one region after the other.</summary>
    public void AskForAll()
    {
        // A fault that begins while the users still ask is looked at by those who have not asked yet.
        if (!_isAsking)
            _ = Begin(AskForAllAsync([.. _hidden]));
    }

    private async Task AskForAllAsync(IReadOnlyList<SignalRow> hidden)
    {
        _isAsking = true;
        foreach (var (place, row) in hidden.Index())
        {
            var region = ReplayCluster.Regions[(place + (int)_cluster.Elapsed.TotalHours) % ReplayCluster.Regions.Count];
            var creator = Quoted(_clients.CreatorOf(row.Item));
            await _clients.In(region, row.Wiki).QueryAsync(
                $"RETRIEVE items FOR USER @{Quoted(row.User)} USING PROFILE new FILTER {ReplayClients.CreatorAttribute}:{creator} LIMIT 1000").ConfigureAwait(false);
        }
        _isAsking = false;
    }

    private async Task HideAsync(SignalRow row)
    {
        await _clients.In(row.Region, row.Wiki).WriteAsync(Negative(row, isUndo: false), RetryPause).ConfigureAwait(false);
        Acknowledged++;
        _hidden.Add(row);
        if (!_random.Chance(UndoneShare))
            return;
        await _cluster.Delay(TimeSpan.FromMinutes(1 + _random.Next(180))).ConfigureAwait(false);
        var region = ReplayCluster.Regions[_random.Next(ReplayCluster.Regions.Count)];
        await _clients.In(region, row.Wiki).WriteAsync(Negative(row, isUndo: true), RetryPause).ConfigureAwait(false);
        Undone++;
    }

    private LogRecord Negative(SignalRow row, bool isUndo) => LogRecord.HardNegative(
        default, default, _cluster.Now.ToUnixTimeMilliseconds(), new UserId(row.User), row.Item, TargetKind.Item, NegativeKind.Hide, isUndo);

    // Each row at most once; the plan has made sure that there are enough.
    private IEnumerable<SignalRow> Drawn()
    {
        var drawn = new SortedSet<int>();
        while (drawn.Count < _plan.Hides)
            drawn.Add(_random.Next(_plan.Rows.Count));
        return drawn.Select(place => _plan.Rows[place]);
    }

    private void At(DateTimeOffset time, Action action) => _cluster.After(time - _cluster.Now, action);

    private async Task Begin(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _failed(failure);
        }
    }

    private static string Quoted(string id) => $"\"{id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
