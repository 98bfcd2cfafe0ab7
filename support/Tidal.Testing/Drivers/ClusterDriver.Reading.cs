using System.Globalization;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

// Reads, as clients make them, and waits, which only look.
public sealed partial class ClusterDriver
{
    private const string ScoreAt = "score at ";

    /// <summary>The last answer, if the last question was answered.</summary>
    public QueryAnswer? Answer { get; private set; }

    /// <summary>Why the last question was refused, if it was.</summary>
    public QueryException? Refusal { get; private set; }

    /// <summary>Why the last try of anything, a write, an order, a question, a start, was refused, in its own words; null if it was not.</summary>
    public string? WhyRefused { get; private set; }

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
        // What was seen is told: a second look might find an election under way.
        var counted = 0L;
        Cluster.RunUntil(() => (counted = Counted()) >= number, bound);
        return counted;
    }

    /// <summary>Waits until the regions have counted what a table says, and reads it then.</summary>
    /// <param name="bound">The longest wait, for all rows together.</param>
    /// <param name="rows">
    /// Rows of <c>region</c>, <c>signal</c>, <c>item</c> and <c>number</c>; with <c>tenant</c> of that tenant, with
    /// <c>score at 06:00:01</c> with the score that it has at that time.
    /// </param>
    /// <returns>The rows as they are.</returns>
    public IReadOnlyList<Dictionary<string, string>> CountedWithin(TimeSpan bound, IEnumerable<IDictionary<string, string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var until = Cluster.Waited + bound;
        return [.. rows.Select(row => Counted(until, row))];
    }

    private Dictionary<string, string> Counted(TimeSpan until, IDictionary<string, string> row)
    {
        if (row.TryGetValue("tenant", out var tenant))
            SpeakOf(tenant);
        var (region, signal, item) = (row["region"], row["signal"], row["item"]);
        var number = long.Parse(row["number"], CultureInfo.InvariantCulture);
        var counted = new Dictionary<string, string>(row)
        {
            ["number"] = CountWithin(until - Cluster.Waited, region, number, signal, item).ToString(CultureInfo.InvariantCulture),
        };
        foreach (var column in row.Keys.Where(column => column.StartsWith(ScoreAt, StringComparison.Ordinal)))
            counted[column] = Read(region, item, signal, column[ScoreAt.Length..]).Score.ToString("F6", CultureInfo.InvariantCulture);
        return counted;
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
        var least = (Records: 0L, Counting: 0L);
        Cluster.RunUntil(() => (least = Whole().Select(In).DefaultIfEmpty().Min()).Records >= records, bound);
        return least;
    }

    /// <summary>How far a region is behind another, over all shards: the batches in all, and the age of the oldest.</summary>
    /// <param name="from">The region that accepted.</param>
    /// <param name="to">The region that follows.</param>
    public (int Batches, TimeSpan Age) Lag(string from, string to)
    {
        var lags = Cluster.Look(() => Cluster.Lags.Where(lag => lag.Origin == Region(from) && lag.Target == Region(to)).ToList());
        return (lags.Sum(lag => lag.Batches), lags.Max(lag => lag.Age));
    }

    /// <summary>Waits until the lag from a region to another is as a table says: <c>batches</c>, or <c>at least</c> so many, and <c>seconds</c>.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="row">The row, by the names of its columns.</param>
    /// <returns>Whether it came to be so.</returns>
    public bool LagsWithin(TimeSpan bound, IDictionary<string, string> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        bool IsSo()
        {
            var (batches, age) = Lag(row["from"], row["to"]);
            return Is(batches, row["batches"]) && Is(age.TotalSeconds + 0.1, row.TryGetValue("seconds", out var seconds) ? seconds : "");
        }
        return Cluster.RunUntil(IsSo, bound);
    }

    private static bool Is(double amount, string said) => said.Split(' ') switch
    {
        [""] => true,
        ["at", "least", var least] => amount >= double.Parse(least, CultureInfo.InvariantCulture),
        _ => (int)amount == int.Parse(said, CultureInfo.InvariantCulture),
    };

    /// <summary>Asks a query; its answer, or why it was refused, is kept.</summary>
    /// <param name="region">The region asked.</param>
    /// <param name="text">The query.</param>
    /// <param name="time">At which time scores are read; null for now.</param>
    public void Ask(string region, string text, string? time = null)
    {
        (Answer, Refusal, WhyRefused) = (null, null, null);
        try
        {
            Answer = Cluster.Await(ClientIn(region).QueryAsync(text, time is null ? null : TimeOf(time)), Patience);
        }
        catch (QueryException refusal)
        {
            Refusal = refusal;
            WhyRefused = $"expected {refusal.Expected}";
        }
        NoteAnswer(region, text);
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

    /// <summary>The places of shards in regions.</summary>
    /// <param name="regions">The names of the regions.</param>
    /// <param name="item">The item whose shard it is; null for all.</param>
    public IEnumerable<ShardPlace> PlacesOf(IEnumerable<string> regions, string? item) =>
        from region in regions
        from shard in item is null ? Cluster.Topology.Shards : [ShardOf(item)]
        select new ShardPlace(Region(region), shard);

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
