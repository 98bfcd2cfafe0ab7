using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Signals;

public sealed class TenantStateTests
{
    [Fact]
    public void Scores_have_the_same_bits_in_whatever_order_origins_come() =>
        SeededProperty.HoldsFor(
            random =>
            {
                var logs = RandomLogs(random);
                var (one, other) = (Interleave(logs, random), Interleave(logs, random));
                foreach (var item in one.State.Items)
                {
                    var time = Ledger.Noon + random.Next(-1_000_000_000, 1_000_000_000);
                    BitConverter.DoubleToInt64Bits(one.Score(item.Item.Value, time))
                        .Should().Be(BitConverter.DoubleToInt64Bits(other.Score(item.Item.Value, time)));
                }
                one.Digest().Should().Be(other.Digest());
                one.State.SignalsMaterialized.Should().Be(logs.Sum(log => log.Count(record => record.Kind == RecordKind.Signal)));
            },
            cases: 100);

    [Fact]
    public void An_item_without_a_record_is_counted_but_not_listed()
    {
        var ledger = new Ledger().Signal("a").Signal("a");
        var item = ledger.State.Find(new ItemId("a"))!;
        (item.IsListed, item.Home, item.CreatedMilliseconds).Should().Be((false, null, 0));
        ledger.Count("a").Should().Be(2);
        ledger.Item("a", home: 2);
        (item.IsListed, item.Home, item.CreatedMilliseconds).Should().Be((true, new RegionId(2), Ledger.Noon));
        ledger.Count("a").Should().Be(2);
    }

    [Fact]
    public void What_was_never_seen_reads_as_nothing()
    {
        var ledger = new Ledger().Signal("a");
        ledger.State.Find(new ItemId("b")).Should().BeNull();
        (ledger.Score("b"), ledger.Count("b"), ledger.Score("a", type: Ledger.Like)).Should().Be((0.0, 0L, 0.0));
        ledger.State.UserAttribute(Ledger.User, "locale").Should().BeNull();
    }

    [Fact]
    public void The_lowest_record_names_the_home_in_whatever_order_records_come() =>
        SeededProperty.HoldsFor(random =>
        {
            var ledger = new Ledger();
            var records = Enumerable.Range(0, 6).Select(_ => (Created: Ledger.Noon + random.Next(3), Region: random.Next(3), Node: random.Next(3)))
                .DistinctBy(record => record).ToList();
            foreach (var (created, region, node) in records)
                ledger.Item("a", created, home: region * 10 + node, region, node);
            var (_, lowestRegion, lowestNode) = records.Min();
            var item = ledger.State.Find(new ItemId("a"))!;
            item.Home.Should().Be(new RegionId((ushort)(lowestRegion * 10 + lowestNode)));
            item.CreatedMilliseconds.Should().Be(records.Min().Created);
        });

    [Fact]
    public void The_latest_write_of_an_attribute_wins_in_whatever_order_writes_come() =>
        SeededProperty.HoldsFor(random =>
        {
            var ledger = new Ledger();
            var writes = Enumerable.Range(0, 8).Select(_ => (Written: Ledger.Noon + random.Next(3), Node: random.Next(3), Key: $"k{random.Next(2)}"))
                .DistinctBy(write => write).ToList();
            foreach (var (written, node, key) in writes)
            {
                ledger.Attributes(Ledger.User, written, node, new AttributeValue(key, $"{written}.{node}"));
                ledger.Item("a", written, node: node, attributes: new AttributeValue(key, $"{written}.{node}"));
            }
            foreach (var group in writes.GroupBy(write => write.Key))
            {
                var latest = $"{group.Max().Written}.{group.Where(write => write.Written == group.Max().Written).Max(write => write.Node)}";
                ledger.State.UserAttribute(Ledger.User, group.Key).Should().Be(latest);
                ledger.State.Find(new ItemId("a"))!.Attribute(group.Key).Should().Be(latest);
            }
        });

    [Fact]
    public void A_signal_counts_for_everyone_and_for_each_cohort_of_its_user()
    {
        var ledger = new Ledger()
            .Signal("a", cohorts: [Ledger.Locale("en"), new CohortScope(1, "pro")])
            .Signal("a", cohorts: [Ledger.Locale("de")])
            .Signal("a");
        ledger.Count("a").Should().Be(3);
        ledger.Count("a", scope: Ledger.Locale("en")).Should().Be(1);
        ledger.Count("a", CountWindow.OneHour, scope: new CohortScope(1, "pro")).Should().Be(1);
        ledger.Score("a", scope: Ledger.Locale("de")).Should().Be(1);
        ledger.Count("a", scope: Ledger.Locale("fr")).Should().Be(0);
        ledger.State.SignalsMaterialized.Should().Be(3);
    }

    [Fact]
    public void A_seal_and_a_marker_count_for_nothing_and_an_unknown_kind_is_refused()
    {
        var ledger = new Ledger();
        ledger.Take(LogRecord.Seal(HlcTimestamp.Zero, 0, 1, 1));
        ledger.Take(LogRecord.TenantMarker(HlcTimestamp.Zero, 0, 2, action: 0));
        ledger.State.Items.Should().BeEmpty();
        FluentActions.Invoking(() => new Ledger().Take(new LogRecord { Kind = (RecordKind)9 })).Should().Throw<UnsupportedFormatException>();
    }

    [Fact]
    public void Whatever_a_record_says_shows_in_the_digest()
    {
        var en = Ledger.Locale("en");
        var one = new AttributeValue("k", "1");
        string[] digests =
        [
            new Ledger().Digest(),
            new Ledger().Item("a").Digest(),
            new Ledger().Item("b").Digest(),
            new Ledger().Item("a", home: 1).Digest(),
            new Ledger().Item("a", created: Ledger.Noon + 1).Digest(),
            new Ledger().Item("a", node: 1).Digest(),
            new Ledger().Item("a", attributes: one).Digest(),
            new Ledger().Item("a", attributes: one with { Value = "2" }).Digest(),
            new Ledger().Item("a", attributes: one with { Key = "j" }).Digest(),
            new Ledger().Attributes(Ledger.User, Ledger.Noon, 0, one).Digest(),
            new Ledger().Attributes(Ledger.User, Ledger.Noon, 1, one).Digest(),
            new Ledger().Attributes(Ledger.User, Ledger.Noon + 1, 0, one).Digest(),
            new Ledger().Signal("a").Digest(),
            new Ledger().Signal("a").Signal("a").Digest(),
            new Ledger().Signal("a", weight: Math.BitIncrement(1.0)).Digest(),
            new Ledger().Signal("a", weight: 2).Digest(),
            new Ledger().Signal("a", time: Ledger.Noon + 1).Digest(),
            new Ledger().Signal("a", region: 1).Digest(),
            new Ledger().Signal("a", type: Ledger.Like).Digest(),
            new Ledger().Signal("a", cohorts: en).Digest(),
            new Ledger().Signal("a", cohorts: Ledger.Locale("e")).Digest(),
            new Ledger().Signal("a", cohorts: new CohortScope(1, "en")).Digest(),
        ];
        digests.Should().OnlyHaveUniqueItems();
    }

    // Three origins' logs: items, users and signals with cohorts, events in any order.
    private static LogRecord[][] RandomLogs(DeterministicRandom random) =>
        [.. Enumerable.Range(0, 3).Select(region => RandomRecords.Make(random, region, 30))];

    private static Ledger Interleave(LogRecord[][] logs, DeterministicRandom random)
    {
        var (ledger, taken) = (new Ledger(), new int[logs.Length]);
        while (Enumerable.Range(0, logs.Length).Where(origin => taken[origin] < logs[origin].Length).ToList() is { Count: > 0 } open)
        {
            var origin = open[random.Next(open.Count)];
            ledger.Take(logs[origin][taken[origin]++], origin);
        }
        return ledger;
    }
}
