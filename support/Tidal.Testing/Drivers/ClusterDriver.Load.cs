using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.RealTime;

namespace Tidal.Testing.Drivers;

// Signals by the ten thousand a second, in real time, and what is measured of them.
public sealed partial class ClusterDriver
{
    private const int LoadedItems = 300;
    private const int LoadedUsers = 240;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>What is so young is on its way.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(2);

    private MeasuredLoad? _measured;
    private HidingUsers? _hidingUsers;

    /// <summary>What was measured, as a table; null where nothing was.</summary>
    public string? Figures => _measured?.ToString();

    /// <summary>The load and what is measured of it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public MeasuredLoad Measured => _measured ?? throw new InvalidOperationException("No load is measured.");

    /// <summary>Adds items and users, and begins to send signals for them, a third in each region; until the load is ended.</summary>
    /// <param name="perSecond">How many a second.</param>
    /// <exception cref="NotSupportedException">The cluster runs in virtual time.</exception>
    public void BeginMeasuredLoad(int perSecond)
    {
        var cluster = Cluster as RealTimeCluster ?? throw new NotSupportedException("A load is offered in real time only: tag the feature @realtime.");
        var (items, users) = (LoadItems(), LoadUsers());
        _measured = new MeasuredLoad(cluster, perSecond, new SignalLoadOptions
        {
            Tenant = Tenant,
            PerSecond = perSecond + perSecond / 20,
            Items = items,
            Users = users,
            Signals = [.. Cluster.SchemaOf(Tenant).Signals.Select(signal => signal.Id)],
            Seed = Seed,
        });
        Pass(WarmUp);
        _measured.EndPhase();
    }

    /// <summary>Users begin to hide items and to ask what there is for them, in each region, until the load ends.</summary>
    public void BeginHiding() => _hidingUsers = _measured is null
        ? throw new InvalidOperationException("There are no users yet.")
        : new HidingUsers(Cluster, Tenant, [.. Enumerable.Range(0, 30).Select(number => new UserId($"hider-{number:000}"))], _measured.Options.Items);

    /// <summary>Lets the load go on for some time, and tells how long signals took from region to region meanwhile.</summary>
    /// <param name="time">How long.</param>
    public Histogram LagOver(TimeSpan time)
    {
        Measured.EndPhase();
        Pass(time);
        Measured.MustBeOffered();
        return Measured.Undisturbed = Measured.EndPhase();
    }

    /// <summary>Waits until the group whose primary crashed last acknowledges writes again.</summary>
    /// <param name="bound">The longest wait, counted from the crash.</param>
    /// <returns>How long after the crash it did; null if it did not.</returns>
    public TimeSpan? AcknowledgedAgainWithin(TimeSpan bound)
    {
        TimeSpan? After() => Measured.Cluster.FirstAcknowledged(LastCrash.Crashed, LastCrash.Epoch) - LastCrash.BeganAt;
        Cluster.RunUntil(() => After() is not null, LastCrash.BeganAt + bound - Cluster.Elapsed);
        Measured.MustBeOffered();
        return Measured.Failover = After();
    }

    /// <summary>
    /// Waits until a region has reconciled with every other one since the last partition healed, while all go on: of each shard one of
    /// the two has said that it did, no plan is left to be carried out, and neither is behind the other but for what is under way.
    /// </summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="region">The region.</param>
    /// <returns>What is missing in the end; null if nothing is.</returns>
    public string? MissingOfReconciliationWithin(TimeSpan bound, string region)
    {
        string? Missing() => NotReconciled(Region(region)).ToList() is { Count: > 0 } missing ? string.Join("; ", missing) : null;
        if (!Cluster.RunUntil(() => Missing() is null, bound))
            return Cluster.Look(Missing);
        NoteAgreement();
        return null;
    }

    private IEnumerable<string> NotReconciled(RegionId id)
    {
        // By when it was told here: reports go by the clock of the replica.
        var sinceHealed = Cluster.History.Lines.Reverse().TakeWhile(line => line.Kind != HistoryKind.FaultEnded)
            .Where(line => line.Kind == HistoryKind.Replica && line.Event.Kind == ReplicaEventKind.ReconciliationDone && line.Event.Tenant == Tenant)
            .SelectMany(line => new[] { (line.Place.Shard, line.Place.Region, line.Event.Region), (line.Place.Shard, line.Event.Region, line.Place.Region) })
            .ToHashSet();
        var silent = from other in Cluster.Topology.Regions
                     from shard in Cluster.Topology.Shards
                     where other != id && !sinceHealed.Contains((shard, id, other))
                     select $"no report of {shard} with {Cluster.Topology.NameOf(other)}";
        var plans = Cluster.AllReplicas.Where(replica => replica.MergePlans.Any()).Select(replica => $"a plan of {replica.Self}");
        var behind = Cluster.Lags.Where(lag => (lag.Origin == id || lag.Target == id) && lag.Age >= UnderWay).Select(lag => $"{lag}");
        return silent.Concat(plans).Concat(behind);
    }

    /// <summary>Ends the load once it has lasted long enough, and waits for every outcome.</summary>
    /// <param name="atLeast">How long it must have lasted.</param>
    public void EndMeasuredLoad(TimeSpan atLeast)
    {
        if (Measured.Load.Lasted < atLeast)
            Pass(atLeast - Measured.Load.Lasted);
        EndMeasuredTraffic();
        _traffic?.End(Patience);
        Measured.Queries = (_hidingUsers?.Queries ?? 0) + (_traffic?.Queries ?? 0);
        Measured.Hides = _hidingUsers?.Hides ?? 0;
        Measured.MustBeOffered();
    }

    private void EndMeasuredTraffic()
    {
        _measured?.End(Patience);
        _hidingUsers?.End(Patience);
    }

    /// <summary>How often something hidden was shown, of so many answers that were for users who hide something.</summary>
    public (long Leaks, long Answers) LeaksSeen => (Cluster.Leaks.Count, Cluster.Leaks.AnswersWatched);

    private List<ItemId> LoadItems()
    {
        var items = Enumerable.Range(0, LoadedItems).Select(number => new ItemId($"article-{number:000}")).ToList();
        WriteInAllRegions(items, (item, region) => LogRecord.ForItem(default, default, NowMilliseconds, item, region));
        return items;
    }

    private List<UserId> LoadUsers()
    {
        var users = Enumerable.Range(0, LoadedUsers).Select(number => new UserId($"reader-{number:000}")).ToList();
        WriteInAllRegions(users, (user, region) => LogRecord.ForUser(
            default, default, NowMilliseconds, user, [new AttributeValue("locale", user.Value[^1] % 2 == 0 ? "EU" : "NA")]));
        BecomeQuiet();
        return users;
    }

    private void WriteInAllRegions<T>(IReadOnlyList<T> of, Func<T, RegionId, LogRecord> record)
    {
        var regions = Cluster.Topology.Regions.ToList();
        foreach (var some in of.Chunk(regions.Count * SentAtOnce))
        {
            var writes = some.Select((one, place) => (One: one, Region: regions[place % regions.Count]))
                .Select(write => ClientIn(Cluster.Topology.NameOf(write.Region)).WriteAsync(record(write.One, write.Region), RetryPause)).ToArray();
            foreach (var call in Cluster.Await(Task.WhenAll(writes), Patience))
                MustBeAcknowledged(call);
        }
    }
}
