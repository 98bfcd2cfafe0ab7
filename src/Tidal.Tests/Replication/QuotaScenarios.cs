using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>Entities and bytes, at a shard's primary: what its region accepts is counted, at the end of its log, and nothing else is refused.</summary>
public sealed class QuotaScenarios
{
    private static readonly ReplicationOptions Tight = new()
    {
        Log = new SegmentedLogOptions { SegmentBytesMax = 0, CacheBytesMax = 0 },
        CheckpointEveryBytes = 0,
        RetentionBytesMax = 0,
        SnapshotChunkBytesMax = 50,
    };

    private ulong _last;

    [Fact]
    public void Items_and_users_are_taken_up_to_the_share_and_those_that_are_there_after_it()
    {
        var shard = Allowing(new TenantQuotas(Entities: 3));
        Outcomes(shard, Item("a"), User("a"), Item("b")).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        var refused = Write(shard, Item("c"));
        (refused.Outcome, refused.Refusal, refused.Quota).Should().Be((WriteOutcomeKind.Refused, RefusalReason.QuotaExceeded, new QuotaProblem(QuotaKind.Entities, 3, null)));
        refused.Problem.Should().Be(refused.Quota!.ToString());
        Outcomes(shard, Item("a"), User("a"), shard.Signal(90)).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged, "nothing new comes with them");
        shard[0].EntitiesUsedBy(TenantId.First).Should().Be(3);
        shard[0].State.TenantOf(TenantId.First).State.Find(new ItemId("c")).Should().BeNull("nothing of a refused write stays");
    }

    [Fact]
    public void A_burst_does_not_run_past_a_quota_before_it_is_committed()
    {
        var shard = Allowing(new TenantQuotas(Entities: 3));
        shard.FlushesHeld.Add(shard[0].Self);
        var tries = new[] { Item("a"), Item("b"), Item("a"), Item("c"), Item("d"), User("e") }.Select(record => shard.Write(record, shard[0])).ToList();
        shard[0].EntitiesUsedBy(TenantId.First).Should().Be(3);
        shard.FlushesHeld.Clear();
        shard.Settle();
        shard.Run(100);
        tries.Select(tried => shard.OutcomeOf(tried)).Should().Equal([.. Enumerable.Repeat<WriteOutcomeKind?>(WriteOutcomeKind.Acknowledged, 4), .. Enumerable.Repeat<WriteOutcomeKind?>(WriteOutcomeKind.Refused, 2)]);
        shard[0].EntitiesUsedBy(TenantId.First).Should().Be(3);
    }

    [Fact]
    public void Bytes_are_taken_up_to_the_share_tail_included()
    {
        var shard = Allowing(new TenantQuotas(Bytes: 1000));
        shard.FlushesHeld.Add(shard[0].Self);
        var tries = Enumerable.Range(1, 200).Select(number => shard.Write((ulong)number)).ToList();
        shard[0].BytesUsedBy(TenantId.First).Should().BeInRange(1000, 1100, "the last one may be half over it");
        shard.FlushesHeld.Clear();
        shard.Settle();
        shard.Run(100);
        tries.Count(tried => shard.OutcomeOf(tried) == WriteOutcomeKind.Acknowledged).Should().BeInRange(10, 150);
        shard.ResultOf(tries[^1])!.Quota.Should().Be(new QuotaProblem(QuotaKind.Bytes, 1000, null));
        shard[0].BytesUsedBy(TenantId.First).Should().Be(shard[0].State.TenantOf(TenantId.First).OriginOf(default).Bytes)
            .And.Be(ShardHarness.BatchesIn(shard[0], 0).Sum(batch => batch.Length));
        Write(shard, LogRecord.ForSession(default, default, 0, SessionAction.Open)).Outcome.Should().Be(WriteOutcomeKind.Acknowledged, "sessions are opened all the same");
    }

    [Fact]
    public void What_is_appended_and_not_committed_is_used()
    {
        var shard = Allowing(new TenantQuotas(Bytes: 1000), replicas: 3);
        shard.Loses = letter => letter.Message is Tidal.Replication.Raft.AppendReply;
        var mark = shard.MarkIn(shard.Primary());
        var tries = Enumerable.Range(1, 200).Select(number => shard.Write((ulong)number)).ToList();
        shard.MarkIn(shard.Primary()).Should().Be(mark, "nothing is committed");
        shard.Primary().BytesUsedBy(TenantId.First).Should().BeInRange(1000, 1100);
        shard.ResultOf(tries[^1])!.Quota!.What.Should().Be(QuotaKind.Bytes);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.OutcomeOf(tries[0]) is not null);
        shard.Primary().BytesUsedBy(TenantId.First).Should().Be(shard.Primary().State.TenantOf(TenantId.First).OriginOf(default).Bytes);
    }

    [Fact]
    public void A_retry_of_what_was_taken_is_acknowledged_when_there_is_no_room_any_more()
    {
        var shard = Allowing(new TenantQuotas(Entities: 1));
        var taken = Item("a");
        Outcomes(shard, taken, taken).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        shard.Publish(Quotas(shard, new TenantQuotas(Entities: 0, Bytes: 0)));
        Write(shard, taken).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        Write(shard, Item("a")).Quota!.What.Should().Be(QuotaKind.Bytes);
    }

    [Fact]
    public void Another_quota_counts_without_a_restart()
    {
        var shard = Allowing(new TenantQuotas(Entities: 1));
        Outcomes(shard, Item("a"), Item("b")).Should().Equal(WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Refused);
        shard.Publish(Quotas(shard, new TenantQuotas(Entities: 2)));
        Outcomes(shard, Item("b"), Item("c")).Should().Equal(WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Refused);
        shard.Publish(Quotas(shard, null));
        Outcomes(shard, Item("c")).Should().Equal(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void What_another_region_has_accepted_is_taken_whatever_it_comes_to_and_is_not_counted_here()
    {
        var shard = Allowing(new TenantQuotas(Entities: 4) { Shares = [new RegionShare(default, 500), new RegionShare(new RegionId(1), 500)] }, regions: 2);
        Outcomes(shard, Item("a"), Item("b"), Item("c")).Should().Equal(WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Refused);
        Outcomes(shard, 1, Item("c", 1), Item("d", 1), Item("e", 1)).Should().Equal(WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Refused);
        shard.RunUntil(() => shard.Alive.All(replica => replica.State.TenantOf(TenantId.First).State.Items.Count == 4));
        shard.Alive.Select(replica => replica.EntitiesUsedBy(TenantId.First)).Should().Equal(2, 2);
    }

    [Fact]
    public void After_a_failover_the_same_is_used()
    {
        var shard = Allowing(new TenantQuotas(Entities: 3, Bytes: 100_000), replicas: 3);
        Outcomes(shard, Item("a"), User("a"), Item("a")).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        var bytes = shard.Primary().BytesUsedBy(TenantId.First);
        // One more that is in the tail of whoever comes next, and not yet committed.
        shard.Loses = letter => letter.Message is Tidal.Replication.Raft.AppendReply;
        shard.Write(Item("b"), shard.Primary());
        shard.Loses = static _ => false;
        shard.Crash(shard.Primary().Self);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.Primary().EntitiesUsedBy(TenantId.First).Should().Be(3);
        shard.Primary().BytesUsedBy(TenantId.First).Should().BeGreaterThan(bytes);
        Outcomes(shard, Item("c")).Should().Equal(WriteOutcomeKind.Refused);
    }

    [Fact]
    public void A_checkpoint_and_a_snapshot_bring_what_is_used_along()
    {
        var shard = Allowing(new TenantQuotas(Entities: 6, Bytes: 1_000_000), regions: 2, options: Tight);
        shard.Loses = letter => letter.From.Region != letter.To.Region;
        Outcomes(shard, Item("a"), User("b"), Item("c")).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        var bytes = shard.Primary().BytesUsedBy(TenantId.First);
        bytes.Should().BePositive();
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard[1].State.TenantOf(TenantId.First).State.EntitiesOf(default) == 3);
        shard[1].State.TenantOf(TenantId.First).OriginOf(default).Bytes.Should().Be(bytes);
        shard.Crash(shard[0].Self);
        shard.Restart(new Address(default, default, default));
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        (shard[0].EntitiesUsedBy(TenantId.First), shard[0].BytesUsedBy(TenantId.First)).Should().Be((3, bytes));
        Outcomes(shard, Item("d")).Should().Equal(WriteOutcomeKind.Refused);
        shard[0].State.Digest().Should().Be(shard[1].State.Digest());
    }

    private static ShardHarness Allowing(TenantQuotas quotas, int regions = 1, int replicas = 1, ReplicationOptions? options = null)
    {
        var shard = new ShardHarness(regions, replicas, options);
        shard.Publish(Quotas(shard, quotas));
        return shard;
    }

    private static RoutingTable Quotas(ShardHarness shard, TenantQuotas? quotas)
    {
        var table = shard.TenantsIn(0).Table;
        return table.Replace(table.Find(TenantId.First)! with { Quotas = quotas });
    }

    private LogRecord Item(string item, int region = 0) => LogRecord.ForItem(NextOperation(region), default, Ledger.Noon, new ItemId(item), default, []);

    private LogRecord User(string user) => LogRecord.ForUser(NextOperation(0), default, Ledger.Noon, new UserId(user), []);

    private OperationId NextOperation(int region) => new(new SessionId(new RegionId((ushort)region), 1), ++_last);

    private static List<WriteOutcomeKind> Outcomes(ShardHarness shard, params LogRecord[] records) => Outcomes(shard, 0, records);

    private static List<WriteOutcomeKind> Outcomes(ShardHarness shard, int region, params LogRecord[] records) =>
        [.. records.Select(record => Write(shard, record, region).Outcome)];

    private static WriteResult Write(ShardHarness shard, LogRecord record, int region = 0)
    {
        var tried = shard.Write(record, shard.Primary(region));
        shard.RunUntil(() => shard.ResultOf(tried) is not null);
        return shard.ResultOf(tried)!;
    }
}
