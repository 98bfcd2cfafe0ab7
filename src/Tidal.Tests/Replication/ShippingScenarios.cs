using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Shipping between regions, step by step (PROTOCOL 4 and 7). Region 0 is the origin unless said otherwise.</summary>
public sealed class ShippingScenarios
{
    [Fact]
    public void A_receiver_answers_with_what_it_has_committed_not_with_what_it_has_taken()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        shard.FlushesHeld.Add(shard[1].Self);
        shard.Write(1);
        shard.Run(2000);
        ShardHarness.OperationsIn(shard[1]).Should().Equal(1UL);
        LagOf(shard).Should().Be(1);
        shard.FlushesHeld.Clear();
        shard.Run(5);
        LagOf(shard).Should().Be(0);
    }

    [Fact]
    public void A_gap_is_asked_for_and_nothing_is_taken_out_of_order()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        shard.Loses = letter => letter.Message is ShipBatches;
        shard.Write(1);
        shard.Loses = letter => letter.Message is GapRequest;
        shard.Write(2);
        shard.SentBy<GapRequest>(1).Should().ContainSingle().Which.From.Should().Be(1);
        ShardHarness.BatchesIn(shard[1], origin: 0).Should().BeEmpty();
        shard.Loses = static _ => false;
        shard.Write(3);
        shard.Run(800);
        ShardHarness.BatchesIn(shard[1], 0).Should().BeEquivalentTo(ShardHarness.BatchesIn(shard[0], 0), options => options.WithStrictOrdering());
        shard.Events.Should().NotContain(happened => happened.Event.Kind == ReplicaEventKind.Diverged);
    }

    [Fact]
    public void A_foreign_batch_in_the_tail_that_is_offered_again_before_its_commit_is_taken_once()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        shard.FlushesHeld.Add(shard[1].Self);
        shard.Write(1);
        shard.Ship(0, 1, [.. ShardHarness.BatchesIn(shard[0], 0).Select(batch => (ReadOnlyMemory<byte>)batch)]);
        ShardHarness.OperationsIn(shard[1]).Should().Equal(1UL);
        shard.FlushesHeld.Clear();
        shard.Run(1000);
        shard.CountOn(shard[1]).Should().Be(1);
    }

    [Fact]
    public void A_foreign_batch_that_a_new_primary_took_over_uncommitted_is_taken_once()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        Meet(shard);
        var (first, origin) = (shard.Primary(1), shard.Primary(0));
        var second = AppendOnOneFollower(shard, first, () => shard.Write(1));
        shard.Crash(first.Self);
        shard.Keeps = letter => letter.Message is AppendEnvelopes && letter.From.Region.Ordinal == 1;
        shard.RunUntil(() => second.Raft.Role == RaftRole.Primary);
        ShardHarness.OperationsIn(second).Should().Equal(1UL);
        shard.Release();
        shard.Deliver(origin.Self, second.Self, new ShipBatches
        {
            Tenant = TenantId.First,
            Origin = default,
            Batches = [ShardHarness.BatchesIn(origin, 0)[0]],
        });
        shard.RunUntil(() => shard.MarkIn(second).Number == 1);
        ShardHarness.OperationsIn(second).Should().Equal(1UL);
    }

    [Fact]
    public void Duplicates_are_ignored()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        for (var number = 1UL; number <= 3; number++)
            shard.Write(number);
        var length = shard[1].Raft.Log.LastIndex;
        foreach (var batch in ShardHarness.BatchesIn(shard[0], 0))
            shard.Ship(0, 1, batch);
        shard[1].Raft.Log.LastIndex.Should().Be(length);
        shard.Events.Should().NotContain(happened => happened.Event.Kind == ReplicaEventKind.Diverged);
    }

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(2, true, 2)]
    public void Other_bytes_under_a_held_number_or_a_wrong_chain_stop_that_stream_alone(ulong first, bool wrongChain, ulong differs)
    {
        var shard = new ShardHarness(regions: 3);
        Meet(shard);
        shard.Write(1);
        var crc = wrongChain ? shard.MarkIn(shard[0]).Crc ^ 1 : 0;
        shard.Ship(0, 1, ShardHarness.Batch(shard.Signal(77), origin: 0, first, crc));
        shard.SentBy<StreamDiverged>(1).Should().ContainSingle().Which.Number.Should().Be(differs);
        shard.Events.Where(happened => happened.Event.Kind == ReplicaEventKind.Diverged).Select(happened => happened.Place.Region.Ordinal)
            .Should().BeEquivalentTo([1, 0], "both ends say so");
        shard.Write(2);
        shard.Write(1, region: 2);
        shard.Run(1500);
        ShardHarness.OperationsIn(shard[1]).Should().Equal(1UL);
        ShardHarness.OperationsIn(shard[2]).Should().Equal(1UL, 2UL);
        ShardHarness.OperationsIn(shard[1], origin: 2).Should().Equal(1UL);
    }

    [Fact]
    public void A_diverged_stream_is_said_to_be_again_when_the_first_word_of_it_was_lost()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        shard.Loses = letter => letter.Message is StreamDiverged;
        shard.Ship(0, 1, ShardHarness.Batch(shard.Signal(77), origin: 0, 1, previousCrc: 5));
        shard.Loses = static _ => false;
        shard.Write(1);
        shard.Events.Should().Contain(happened => happened.Place == shard[0].Self && happened.Event.Kind == ReplicaEventKind.Diverged);
        var sent = shard.SentBy<ShipBatches>(0).Count();
        shard.Run(3000);
        shard.SentBy<ShipBatches>(0).Should().HaveCount(sent, "the stream is stopped");
    }

    [Fact]
    public void A_batch_damaged_on_its_way_is_refused_and_comes_again()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        var damaged = ShardHarness.Batch(shard.Signal(77), origin: 0, 1, previousCrc: 0).ToArray();
        damaged[^1] ^= 1;
        shard.Ship(0, 1, damaged);
        shard.Events.Should().Contain(happened => happened.Place == shard[1].Self && happened.Event.Kind == ReplicaEventKind.BatchRefused);
        ShardHarness.BatchesIn(shard[1], origin: 0).Should().BeEmpty();
        shard.Write(1);
        shard.Run(1500);
        ShardHarness.OperationsIn(shard[1]).Should().Equal(1UL);
    }

    [Fact]
    public void A_batch_of_a_tenant_that_is_not_held_here_is_not_taken()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        var header = ShardHarness.Batch(shard.Signal(77), origin: 0, 1, previousCrc: 0).ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 99);
        var crc = Tidal.Log.Crc32C.Of(header.AsSpan(0, 60), header.AsSpan(64));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(60), crc);
        shard.Ship(0, 1, header);
        shard[1].Raft.Log.LastIndex.Should().Be(shard[1].Raft.CommitIndex);
        shard[1].State.Tenants.Should().NotContainKey(new TenantId(99));
    }

    [Fact]
    public void A_batch_that_claims_to_be_of_the_receivers_own_log_is_not_taken()
    {
        var shard = new ShardHarness(regions: 2);
        Meet(shard);
        shard.Deliver(shard[0].Self, shard[1].Self, new ShipBatches
        {
            Tenant = TenantId.First,
            Origin = new RegionId(1),
            Batches = [ShardHarness.Batch(shard.Signal(1), origin: 1, 1, 0)],
        });
        ShardHarness.BatchesIn(shard[1], origin: 1).Should().BeEmpty();
    }

    [Fact]
    public void A_third_region_that_holds_the_origin_fills_a_gap()
    {
        var shard = new ShardHarness(regions: 3);
        Meet(shard);
        shard.Loses = letter => letter.From.Region.Ordinal + letter.To.Region.Ordinal == 2 && letter.From.Region != letter.To.Region;
        shard.Run(1000);
        for (var number = 1UL; number <= 5; number++)
            shard.Write(number);
        shard.Run(1000);
        ShardHarness.BatchesIn(shard[2], 0).Should().HaveCount(5)
            .And.BeEquivalentTo(ShardHarness.BatchesIn(shard[0], 0), options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_third_region_fills_the_gap_too_where_the_origin_is_heard_and_does_not_hear()
    {
        var shard = new ShardHarness(regions: 3);
        Meet(shard);
        shard.Loses = letter => letter.From.Region.Ordinal == 2 && letter.To.Region.Ordinal == 0;
        shard.Run(1000);
        shard.Write(1);
        shard.Run(2000);
        ShardHarness.OperationsIn(shard[2]).Should().Equal(1UL);
    }

    [Fact]
    public void No_more_batches_are_under_way_to_a_region_than_the_window_has()
    {
        var shard = new ShardHarness(regions: 2, options: new ReplicationOptions { ShipWindowMax = 4 });
        for (var number = 1UL; number <= 10; number++)
            shard.Write(number);
        shard.Loses = letter => letter.Message is ShipBatches;
        shard.Run(300);
        shard.SentBy<ShipBatches>(0).Sum(message => message.Batches.Count).Should().Be(4);
        shard.Write(11);
        shard.SentBy<ShipBatches>(0).Sum(message => message.Batches.Count).Should().Be(4);
        shard.Loses = static _ => false;
        shard.Run(3000);
        shard.MarkIn(shard[1]).Should().Be(shard.MarkIn(shard[0]));
    }

    /// <summary>Lets the primaries hear each other, so that batches are shipped as they are committed.</summary>
    internal static void Meet(ShardHarness shard) => shard.Run(600);

    /// <summary>Makes a region's primary append something that reaches one follower, and is not committed.</summary>
    internal static ShardReplica AppendOnOneFollower(ShardHarness shard, ShardReplica primary, Action append)
    {
        var place = primary.Self;
        var follower = shard.Alive.First(replica => replica.Self.Region == place.Region && replica != primary);
        shard.Loses = letter => letter.From.Region == place.Region && letter.To.Region == place.Region
            && letter is { Message: AppendEnvelopes or AppendReply }
            && (letter.From != place || letter.To != follower.Self);
        append();
        primary.Raft.CommitIndex.Should().BeLessThan(primary.Raft.Log.LastIndex);
        follower.Raft.Log.LastIndex.Should().Be(primary.Raft.Log.LastIndex);
        shard.Loses = static _ => false;
        return follower;
    }

    private static int LagOf(ShardHarness shard) => shard[0].Lags.Single().Batches;
}
