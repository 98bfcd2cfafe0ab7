using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Crdt;

namespace Tidal.Tests.Signals;

/// <summary>What a user has seen (PROTOCOL 17).</summary>
public sealed class SeenItemsTests
{
    [Fact]
    public void It_keeps_the_latest_by_event_time_and_item_whatever_the_order_of_the_records() =>
        SeededProperty.HoldsFor(random =>
        {
            var events = Events(random);
            var most = 1 + random.Next(5);
            var expected = events.GroupBy(seen => seen.Item).Select(item => (EventTime: item.Max(seen => seen.EventTime), Item: item.Key))
                .OrderByDescending(seen => seen.EventTime).ThenByDescending(seen => seen.Item, StringComparer.Ordinal).Take(most).Reverse();
            for (var order = 0; order < 3; order++)
                SetOf(most, events.OrderBy(_ => random.NextDouble())).Of(User).Should().Equal(expected);
        });

    [Fact]
    public void Its_copies_merge_by_the_laws() => MergeLaws.Hold<SeenItems>(
        random =>
        {
            var most = 1 + random.Next(5);
            return [.. Enumerable.Range(0, 4).Select(_ => SetOf(most, Events(random)))];
        },
        (whole, part) => part.Of(User).All(seen => whole.Contains(User, seen.Item) || ByTimeThenItem(whole.Of(User).First(), seen) > 0));

    [Fact]
    public void It_is_read_back_as_it_was_written() =>
        SeededProperty.HoldsFor(random =>
        {
            var set = SetOf(5, Events(random));
            var writer = new SnapshotWriter();
            set.AddTo(writer);
            var reader = new StateReader(writer.ToBytes());
            var read = new SeenItems(5, new NameTable());
            read.ReadFrom(reader);
            reader.MustBeAtEnd();
            read.Of(User).Should().Equal(set.Of(User));
        });

    [Fact]
    public void More_items_than_the_schema_allows_are_no_seen_set()
    {
        var writer = new SnapshotWriter();
        SetOf(3, [(1, "a"), (2, "b"), (3, "c")]).AddTo(writer);
        FluentActions.Invoking(() => new SeenItems(2, new NameTable()).ReadFrom(new StateReader(writer.ToBytes()))).Should().Throw<SnapshotDamagedException>();
    }

    [Fact]
    public void Only_the_types_that_the_schema_names_make_an_item_seen_and_a_retraction_does_not_unsee()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), marksSeen: true).Signal("like", TimeSpan.FromHours(6)).SeenItems(1).Build();
        var ledger = new Ledger(schema).Signal("a").Signal("b", type: Ledger.Like);
        (Seen(ledger, "a"), Seen(ledger, "b")).Should().Be((true, false));
        var operation = new OperationId(new SessionId(default, 1), 1);
        ledger.Take(LogRecord.Retraction(default, LogRecord.Signal(operation, default, Ledger.Noon, new ItemId("a"), Ledger.User, Ledger.View)));
        Seen(ledger, "a").Should().BeTrue();
        ledger.Signal("c", Ledger.Noon - 1);
        (Seen(ledger, "a"), Seen(ledger, "c")).Should().Be((true, false), "an earlier event pushes nothing out");
        var before = ledger.Digest();
        ledger.Signal("c", Ledger.Noon + 1);
        (Seen(ledger, "a"), Seen(ledger, "c")).Should().Be((false, true));
        ledger.Digest().Should().NotBe(before);
        ledger.State.HasSeen(new UserId("other"), new ItemId("c")).Should().BeFalse();
    }

    private static bool Seen(Ledger ledger, string item) => ledger.State.HasSeen(Ledger.User, new ItemId(item));

    // In order of UTF-16, which is not that of UTF-8.
    private static readonly string[] Items = ["", "a", "aa", "b", "\U0001F600", "\U0001F601", "\uD7FF", "\uE000", "\uFFFD"];
    private const string User = "ana";

    private static int ByTimeThenItem((long EventTime, string Item) left, (long EventTime, string Item) right) =>
        left.EventTime != right.EventTime ? left.EventTime.CompareTo(right.EventTime) : string.CompareOrdinal(left.Item, right.Item);

    private static List<(long EventTime, string Item)> Events(DeterministicRandom random) =>
        [.. Enumerable.Range(0, random.Next(30)).Select(_ => ((long)random.Next(6), Items[random.Next(Items.Length)]))];

    private static SeenItems SetOf(int most, IEnumerable<(long EventTime, string Item)> events)
    {
        var items = new NameTable();
        var set = new SeenItems(most, items);
        foreach (var (eventTime, item) in events)
            set.See(set.RowOf(User), items.RowOf(item), eventTime);
        return set;
    }
}
