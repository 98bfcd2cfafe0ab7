using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Crdt;

namespace Tidal.Tests.Signals;

/// <summary>What a user has seen (PROTOCOL 17).</summary>
public sealed class SeenSetTests
{
    [Fact]
    public void It_keeps_the_latest_by_event_time_and_item_whatever_the_order_of_the_records() =>
        SeededProperty.HoldsFor(random =>
        {
            var events = Events(random);
            var most = 1 + random.Next(5);
            var expected = events.GroupBy(seen => seen.Item).Select(item => (EventTime: item.Max(seen => seen.EventTime), Item: item.Key))
                .OrderByDescending(seen => seen.EventTime).ThenByDescending(seen => seen.Item).Take(most).Reverse();
            for (var order = 0; order < 3; order++)
                SetOf(most, events.OrderBy(_ => random.NextDouble())).Items.Should().Equal(expected);
        });

    [Fact]
    public void Its_copies_merge_by_the_laws() => MergeLaws.Hold<SeenSet>(
        random =>
        {
            var most = 1 + random.Next(5);
            return [.. Enumerable.Range(0, 4).Select(_ => SetOf(most, Events(random)))];
        },
        (whole, part) => part.Items.All(seen => whole.Contains(seen.Item) || whole.Items.First().CompareTo(seen) > 0));

    [Fact]
    public void It_is_read_back_as_it_was_written() =>
        SeededProperty.HoldsFor(random =>
        {
            var set = SetOf(5, Events(random));
            var writer = new SnapshotWriter();
            set.AddTo(writer);
            var reader = new StateReader(writer.ToBytes());
            SeenSet.Read(reader, 5).Items.Should().Equal(set.Items);
            reader.MustBeAtEnd();
        });

    [Fact]
    public void More_items_than_the_schema_allows_are_no_seen_set()
    {
        var writer = new SnapshotWriter();
        SetOf(3, [(1, new ItemId("a")), (2, new ItemId("b")), (3, new ItemId("c"))]).AddTo(writer);
        FluentActions.Invoking(() => SeenSet.Read(new StateReader(writer.ToBytes()), 2)).Should().Throw<SnapshotDamagedException>();
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

    private static List<(long EventTime, ItemId Item)> Events(DeterministicRandom random) =>
        [.. Enumerable.Range(0, random.Next(20)).Select(_ => ((long)random.Next(6), new ItemId($"{random.Next(8)}")))];

    private static SeenSet SetOf(int most, IEnumerable<(long EventTime, ItemId Item)> events)
    {
        var set = new SeenSet(most);
        foreach (var (eventTime, item) in events)
            set.See(item, eventTime);
        return set;
    }
}
