using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Shipping between regions of three replicas each, while primaries change and messages get lost (PROTOCOL 4 and 7).</summary>
public sealed class ShippingFailovers
{
    [Fact]
    public void A_new_primary_of_the_origin_resumes_from_what_the_receivers_say()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        ShippingScenarios.Meet(shard);
        shard.Write(1);
        shard.Loses = letter => letter.Message is ShipBatches;
        shard.Write(2);
        var first = shard.Primary().Self;
        shard.Crash(first);
        shard.Sent.Clear();
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(default) is { } primary && primary.Self != first && shard.MarkIn(shard.Primary(1)).Number == 2);
        var shipped = shard.SentBy<ShipBatches>(0).SelectMany(message => message.Batches).Select(batch => BatchHeader.Read(batch.Span).FirstNumber);
        shipped.Should().Equal([2UL], "the receiver said that it holds the first");
    }

    [Fact]
    public void A_new_primary_of_the_receiver_gets_what_the_one_before_had_not_committed()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        ShippingScenarios.Meet(shard);
        shard.Write(1);
        var first = shard.Primary(1).Self;
        shard.Loses = letter => letter.From == first && letter.Message is AppendEnvelopes;
        shard.Write(2);
        shard.Crash(first);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.PrimaryOf(new RegionId(1)) is { } primary && primary.Self != first && shard.MarkIn(primary).Number == 2);
        ShardHarness.OperationsIn(shard.Primary(1)).Should().Equal(1UL, 2UL);
    }

    [Fact]
    public void The_loss_of_any_single_message_between_regions_is_repaired()
    {
        var total = CountOfMessages();
        total.Should().BeGreaterThan(10);
        for (var lost = 0; lost < total; lost++)
        {
            var shard = Shipped(lost, out _);
            shard.Run(2000);
            ShardHarness.BatchesIn(shard[1], 0).Should().BeEquivalentTo(
                ShardHarness.BatchesIn(shard[0], 0), options => options.WithStrictOrdering(), $"message {lost} was lost");
            shard[0].Lags.Single().Batches.Should().Be(0, $"message {lost} was lost");
        }
    }

    [Fact]
    public void A_replica_that_is_not_the_primary_says_who_is()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        ShippingScenarios.Meet(shard);
        var follower = shard.Alive.First(replica => replica.Self.Region.Ordinal == 1 && replica != shard.Primary(1));
        shard.Deliver(shard.Primary().Self, follower.Self, new ShipMarks { Marks = [], IsComplete = true, TableVersion = 1 });
        shard.SentBy<NotShardPrimary>(1).Last().Primary.Should().Be(shard.Primary(1).Self.Replica);
        shard.Write(1);
        shard.Run(1500);
        ShardHarness.OperationsIn(shard.Primary(1)).Should().Equal(1UL);
    }

    [Fact]
    public void Regions_find_each_others_primaries_whichever_replica_they_are()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        for (var round = 1UL; round <= 4; round++)
        {
            shard.Write(round);
            shard.RunUntil(() => shard.PrimaryOf(new RegionId(1)) is { } held && shard.MarkIn(held).Number == round, 20_000);
            var crashed = shard.Primary(1).Self;
            shard.Crash(crashed);
            shard.RunUntil(() => shard.PrimaryOf(new RegionId(1)) is { } primary && primary.Self != crashed);
            shard.Restart(crashed);
        }
    }

    [Fact]
    public void Control_records_never_leave_the_group_and_leave_no_hole_in_the_numbers()
    {
        var shard = new ShardHarness(regions: 2, replicas: 3);
        for (var round = 1UL; round <= 3; round++)
        {
            shard.Write(round);
            var crashed = shard.Primary().Self;
            shard.Crash(crashed);
            shard.RunUntil(() => shard.PrimaryOf(default) is { } primary && primary.Self != crashed);
            shard.Restart(crashed);
        }
        shard.RunUntil(() => shard.MarkIn(shard.Primary(1)).Number == 3);
        var log = shard.Primary().Raft.Log;
        Enumerable.Range(1, (int)log.LastIndex).Count(index => log.Read((ulong)index).Kind == EnvelopeKind.Control).Should().BeGreaterThan(3);
        ShardHarness.BatchesIn(shard.Primary(1), 0).Select(batch => BatchHeader.Read(batch).FirstNumber).Should().Equal(1UL, 2UL, 3UL);
        foreach (var batch in shard.SentBy<ShipBatches>(0).SelectMany(message => message.Batches))
            BatchReader.Verify(batch).Origin.Region.Should().Be(default(RegionId));
    }

    private static int CountOfMessages()
    {
        Shipped(int.MaxValue, out var count);
        return count;
    }

    /// <summary>Ships a few batches while one of the messages between the regions is lost.</summary>
    private static ShardHarness Shipped(int lost, out int count)
    {
        var shard = new ShardHarness(regions: 2);
        var sent = 0;
        shard.Loses = letter => letter.From.Region != letter.To.Region && sent++ == lost;
        shard.Run(300);
        for (var number = 1UL; number <= 4; number++)
        {
            shard.Write(number);
            shard.Run(20);
        }
        count = sent;
        return shard;
    }
}
