using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

// Reads, as clients make them, and waits, which only look.
public sealed partial class ClusterDriver
{
    /// <summary>The last answer, if the last question was answered.</summary>
    public QueryAnswer? Answer { get; private set; }

    /// <summary>Why the last question was refused, if it was.</summary>
    public QueryException? Refusal { get; private set; }

    /// <summary>Reads a score and count through a region's gateway.</summary>
    /// <param name="region">The region.</param>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="time">At which time the score is read; null for now.</param>
    public ScoreResult Read(string region, string item, string signal, string? time = null)
    {
        var readTime = time is null ? Cluster.Now : TimeOf(time);
        return Cluster.Await(ClientIn(region).ReadScoreAsync(new ItemId(item), signal, readTime), Patience)
            ?? throw new TimeoutException($"No primary in {region} could tell the score of {item}.");
    }

    /// <summary>Waits until the primary in a region has counted so many signals.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="region">The region.</param>
    /// <param name="number">How many.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="item">The item.</param>
    /// <returns>How many it has counted in the end.</returns>
    public long CountWithin(TimeSpan bound, string region, long number, string signal, string item)
    {
        var (id, shard, type) = (Region(region), ShardOf(item), SignalNamed(signal));
        long Counted() => Cluster.PrimaryOf(id, shard)?.State.TenantOf(Tenant).State
            .ReadCount(new ItemId(item), type, CohortScope.Everyone, CountWindow.All, 0) ?? 0;
        Cluster.RunUntil(() => Counted() >= number, bound);
        return Cluster.Look(Counted);
    }

    /// <summary>Waits until every region that has all its primaries holds so many signal records of all regions, over all shards.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="records">How many.</param>
    /// <returns>How many the primaries hold in the end, and how many of them count; the least of all regions.</returns>
    public (long Records, long Counting) RecordsWithin(TimeSpan bound, long records)
    {
        (long Records, long Counting) In(RegionId region)
        {
            var tenants = Cluster.Topology.Shards.Select(shard => Cluster.PrimaryOf(region, shard)!.State.TenantOf(Tenant)).ToList();
            return (tenants.Sum(tenant => tenant.SignalRecords), tenants.Sum(tenant => tenant.State.SignalsMaterialized));
        }
        IEnumerable<RegionId> Whole() => Cluster.HoldersOf(Tenant)
            .Where(region => Cluster.Topology.Shards.All(shard => Cluster.PrimaryOf(region, shard) is not null));
        Cluster.RunUntil(() => Whole().All(region => In(region).Records >= records), bound);
        return Cluster.Look(() => Whole().Select(In).Min());
    }

    /// <summary>How far a region is behind another, over all shards: the batches in all, and the age of the oldest.</summary>
    /// <param name="from">The region that accepted.</param>
    /// <param name="to">The region that follows.</param>
    public (int Batches, TimeSpan Age) Lag(string from, string to)
    {
        var lags = Cluster.Look(() => Cluster.Lags.Where(lag => lag.Origin == Region(from) && lag.Target == Region(to)).ToList());
        return (lags.Sum(lag => lag.Batches), lags.Max(lag => lag.Age));
    }

    /// <summary>Waits until a region is level with another.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="from">The region that accepted.</param>
    /// <param name="to">The region that follows.</param>
    /// <returns>Batches outstanding in the end.</returns>
    public int LagWithin(TimeSpan bound, string from, string to)
    {
        Cluster.RunUntil(() => Lag(from, to).Batches == 0, bound);
        return Lag(from, to).Batches;
    }

    /// <summary>Asks a query; its answer, or why it was refused, is kept.</summary>
    /// <param name="region">The region asked.</param>
    /// <param name="text">The query.</param>
    /// <param name="time">At which time scores are read; null for now.</param>
    public void Ask(string region, string text, string? time = null)
    {
        (Answer, Refusal) = (null, null);
        try
        {
            Answer = Cluster.Await(ClientIn(region).QueryAsync(text, time is null ? null : TimeOf(time)), Patience);
        }
        catch (QueryException refusal)
        {
            Refusal = refusal;
        }
    }

    /// <summary>Asks a query with the cursor of the last answer, now: it is the cursor that says at which time scores are read.</summary>
    /// <param name="region">The region asked.</param>
    /// <param name="text">The query, without the cursor.</param>
    /// <exception cref="InvalidOperationException">The last answer has no cursor.</exception>
    public void AskToGoOn(string region, string text)
    {
        var cursor = AnswerGiven.NextCursor ?? throw new InvalidOperationException("The last answer has no cursor.");
        Ask(region, $"{text} CURSOR {cursor}");
    }

    /// <summary>The last answer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public QueryAnswer AnswerGiven => Answer ?? throw new InvalidOperationException($"There is no answer. {Refusal?.Message}");

    /// <summary>The regions of which the last answer says that shards are missing, in region order, and how many.</summary>
    public IReadOnlyList<(string Region, int Shards)> ShardsMissing => [.. AnswerGiven.Stats.Missing
        .GroupBy(missing => missing.Place.Region).OrderBy(region => region.Key)
        .Select(region => (Cluster.Topology.NameOf(region.Key), region.Count()))];

    /// <summary>How far the last answer may be behind a region.</summary>
    /// <param name="origin">The region.</param>
    public TimeSpan StalenessBehind(string origin) =>
        AnswerGiven.Stats.Staleness.Where(staleness => staleness.Origin == Region(origin)).Max(staleness => staleness.Age);

    /// <summary>The homes of the items of the last answer, as any region has them.</summary>
    public IReadOnlyList<string> HomesOfTheAnswer => Cluster.Look(() => AnswerGiven.Items.Select(item => HomeOf(item.Item)).ToList());

    private string HomeOf(ItemId item)
    {
        var home = Cluster.AllReplicas.Select(replica => replica.State.TenantOf(Tenant).State.Find(item)?.Home).First(home => home is not null);
        return Cluster.Topology.NameOf(home!.Value);
    }

    private Address PlaceOfPrimary(string item, string region) => Cluster.Look(() => PrimaryOf(item, region).Self);

    private ShardReplica PrimaryOf(string item, string region) =>
        Cluster.PrimaryOf(Region(region), ShardOf(item))
        ?? throw new InvalidOperationException($"The shard of {item} in {region} has no primary.");
}
