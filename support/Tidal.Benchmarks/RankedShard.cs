using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Benchmarks;

/// <summary>One shard's state of many items, views and likes with half-lives of 6 and 24 hours, as a log would have made it.</summary>
public sealed class RankedShard
{
    /// <summary>The event time of the last signal.</summary>
    public const long Now = 1_700_000_000_000;

    private static readonly string[] Locales = ["EU", "US", "IN", "BR", "JP", "DE", "FR", "ES", "KR", "NG"];
    private static readonly CohortScope[][] Cohorts = [.. Locales.Select(locale => new[] { new CohortScope(0, locale) })];
    private static readonly AttributeValue[] Topics = [.. Enumerable.Range(0, 10).Select(topic => new AttributeValue("topic", $"t{topic}"))];
    private static readonly AttributeValue[] Creators = [.. Enumerable.Range(0, 1000).Select(creator => new AttributeValue("creator", $"c{creator}"))];
    private static readonly UserId User = new("u");

    private readonly DeterministicRandom _random = new(1);
    private readonly ItemId[] _items;
    private readonly BatchHeader _header = new() { Origin = new NodeId(default, default), OriginEpoch = 1 };
    private ulong _number;

    /// <summary>Makes the state.</summary>
    /// <param name="items">How many items.</param>
    /// <param name="indexes">How many rank indexes are kept.</param>
    public RankedShard(int items, int indexes = SignalSchema.DefaultRankIndexesMax)
    {
        Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), windows: false).Signal("like", TimeSpan.FromHours(24), weight: 3, windows: false)
            .Cohort("locale").RankIndexes(indexes: indexes).Build();
        State = new TenantState(Schema);
        _items = [.. Enumerable.Range(0, items).Select(item => new ItemId($"item-{item}"))];
        for (var item = 0; item < items; item++)
        {
            Take(LogRecord.ForItem(default, HlcTimestamp.FromUnixMilliseconds(Now - items + item), Now, _items[item], default, [Creators[_random.Next(1000)], Topics[_random.Next(10)]]));
            Take(Signal(item, Now - _random.Next(86_400_000)));
        }
        for (var signal = 0; signal < 2 * items; signal++)
            Take(Signal(Popular(), Now - _random.Next(86_400_000)));
    }

    /// <summary>What is counted.</summary>
    public SignalSchema Schema { get; }

    /// <summary>The state.</summary>
    public TenantState State { get; }

    /// <summary>A plan of a query, with a thousand hides where it is for a user.</summary>
    public RetrievePlan Plan(string query)
    {
        var plan = RetrievePlan.Of(RetrieveParser.Parse(query), Schema, Now + 1000);
        return plan.User is null ? plan : plan with
        {
            Hidden = new HiddenTargets(Enumerable.Range(0, 1000).Select(_ => new HardNegativeTarget(TargetKind.Item, _items[Popular()].Value, NegativeKind.Hide))),
        };
    }

    /// <summary>Signals as they come next.</summary>
    public LogRecord[] Signals(int count) => [.. Enumerable.Range(0, count).Select(number => Signal(Popular(), Now + number))];

    /// <summary>Takes records in.</summary>
    public void Take(LogRecord[] records)
    {
        foreach (ref readonly var record in records.AsSpan())
            Take(record);
    }

    private void Take(in LogRecord record) => State.Apply(_header, ++_number, record);

    private LogRecord Signal(int item, long time) => LogRecord.Signal(
        default, default, time, _items[item], User, new SignalTypeId((ushort)(_random.Chance(0.2) ? 1 : 0)), 1, Cohorts[_random.Next(10)]);

    // Item k as often as 1/k, nearly.
    private int Popular() => Math.Min(_items.Length - 1, (int)Math.Exp(_random.NextDouble() * Math.Log(_items.Length)));
}
