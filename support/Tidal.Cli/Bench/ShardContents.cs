using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// What is written into the one shard that is queried, and into the log that is recovered: item records, then signals by Zipf's law.
/// The same for the same seed. Not safe for use by several threads.
/// </summary>
internal sealed class ShardContents
{
    /// <summary>Topics that items are of.</summary>
    public const int Topics = 10;

    private const int Creators = 1_000;
    private const int Users = 1_000;
    private const int SignalsASecond = 2_000;

    private readonly int _items;
    private readonly DeterministicRandom _random;
    private readonly ZipfDraws _popular;
    private long _written;

    /// <summary>What there will be.</summary>
    /// <param name="items">How many items.</param>
    /// <param name="start">The time of the first record, in milliseconds since 1970.</param>
    /// <param name="seed">What chance comes from.</param>
    public ShardContents(int items, long start, ulong seed)
    {
        (_items, Start) = (items, start);
        _random = new DeterministicRandom(seed);
        _popular = new ZipfDraws(items, _random);
    }

    /// <summary>The time of the first record, in milliseconds since 1970.</summary>
    public long Start { get; }

    /// <summary>The time of the next record, in milliseconds since 1970.</summary>
    public long Now => Start + _written * 1_000 / SignalsASecond;

    /// <summary>An item's id.</summary>
    /// <param name="item">The item, from 0.</param>
    public static ItemId ItemOf(int item) => new($"item-{item:D7}");

    /// <summary>An item's attributes: its topic and its creator.</summary>
    /// <param name="item">The item, from 0.</param>
    public static AttributeValue[] AttributesOf(int item) => [new("topic", $"t{item % Topics}"), new("creator", $"creator-{item % Creators}")];

    /// <summary>A user's id.</summary>
    /// <param name="user">The user, from 0.</param>
    public static UserId UserOf(int user) => new($"user-{user:D6}");

    /// <summary>The items by popularity: a draw for each number.</summary>
    /// <param name="number">The number, from 0.</param>
    public int Popular(long number) => ShuffledOf(_popular[number]);

    /// <summary>Writes every item's record.</summary>
    /// <param name="log">Where to.</param>
    public void WriteItems(OriginBatches log)
    {
        for (var item = 0; item < _items; item++)
        {
            log.Add(Now, LogRecord.ForItem(default, default, Now, ItemOf(item), default, AttributesOf(item)));
            _written++;
        }
        log.Finish();
    }

    /// <summary>Writes one signal of each type for every item.</summary>
    /// <param name="log">Where to.</param>
    public void WriteOneOfEach(OriginBatches log)
    {
        for (var item = 0; item < _items; item++)
        {
            Write(log, item, BenchCluster.View, null);
            Write(log, item, BenchCluster.Like, null);
        }
        log.Finish();
    }

    /// <summary>Writes signals by users with a locale, for items by their popularity.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="count">How many.</param>
    public void WritePopular(OriginBatches log, long count)
    {
        for (var number = 0L; number < count; number++)
        {
            var type = number % 5 == 4 ? BenchCluster.Like : BenchCluster.View;
            Write(log, Popular(number), type, BenchCluster.Cohorts[(int)(number % BenchCluster.Cohorts.Count)]);
        }
        log.Finish();
    }

    private void Write(OriginBatches log, int item, SignalTypeId type, CohortScope[]? cohorts)
    {
        log.Add(Now, LogRecord.Signal(default, default, Now, ItemOf(item), UserOf(_random.Next(Users)), type, cohorts: cohorts));
        _written++;
    }

    // Popularity is not to follow the order of ids, which decides between equal scores. 7919 is a prime.
    private int ShuffledOf(int rank) => (int)(rank * 7_919L % _items);
}
