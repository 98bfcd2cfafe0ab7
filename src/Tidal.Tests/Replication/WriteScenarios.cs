using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>The writes of clients at the replicas of a shard, step by step (PROTOCOL 2 and 3, and the bounds of DESIGN §6).</summary>
public sealed class WriteScenarios
{
    [Fact]
    public void A_retry_of_what_a_new_primary_took_over_uncommitted_is_in_the_log_once_and_answered_by_its_commit()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var second = ShippingScenarios.AppendOnOneFollower(shard, first, () => shard.Write(5));
        shard.Crash(first.Self);
        shard.Keeps = letter => letter.Message is AppendEnvelopes;
        shard.RunUntil(() => second.Raft.Role == RaftRole.Primary);
        var retry = shard.Write(shard.Signal(5), second);
        shard.OutcomeOf(retry).Should().BeNull("nothing of it is committed yet");
        ShardHarness.OperationsIn(second).Should().Equal(5UL);
        shard.Release();
        shard.Run(500);
        shard.OutcomeOf(retry).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(second).Should().Equal(5UL);
        shard.CountOn(second).Should().Be(1);
    }

    [Fact]
    public void A_copy_of_a_try_that_was_refused_for_want_of_a_quorum_is_never_appended()
    {
        var shard = new ShardHarness(replicas: 3);
        var primary = shard.Primary();
        shard.Loses = letter => letter.To.Replica == primary.Self.Replica;
        shard.RunUntil(() => !primary.Raft.HearsQuorum);
        primary.Raft.Role.Should().Be(RaftRole.Primary, "it has not given up yet");
        var request = shard.RequestFor(shard.Signal(1), primary);
        shard.Write(request, primary.Self);
        shard.ResultOf(request.Try)!.Refusal.Should().Be(RefusalReason.NotEnoughReplicas);
        shard.Loses = static _ => false;
        shard.Run(100);
        primary.Raft.HearsQuorum.Should().BeTrue();
        shard.Write(request, primary.Self);
        shard.Run(500);
        ShardHarness.OperationsIn(primary).Should().BeEmpty();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_try_meant_for_another_epoch_is_not_appended(int epochs)
    {
        var shard = new ShardHarness(replicas: 3);
        var primary = shard.Primary();
        var epoch = (ulong)((long)primary.Raft.Epoch + epochs);
        var tried = shard.Write(new WriteRequest { Try = 9, Tenant = TenantId.First, Epoch = epoch, Records = RecordSelection.Of(shard.Signal(1)), PlacementVersion = 1 }, primary.Self);
        shard.Run(500);
        ShardHarness.OperationsIn(primary).Should().BeEmpty();
        shard.AnswerTo<NotPrimary>(tried).Should().NotBeNull("of a later epoch it took nothing, and an earlier one is over without it");
    }

    [Fact]
    public void A_try_meant_for_an_earlier_life_is_refused_once_a_later_epoch_shows_that_it_was_never_committed()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var (taken, never) = (shard.RequestFor(shard.Signal(1), first), shard.RequestFor(shard.Signal(2), first));
        shard.Write(taken, first.Self);
        shard.Crash(first.Self);
        shard.RunUntil(() => shard.PrimaryOf(default) is not null);
        shard.Restart(first.Self);
        shard.RunUntil(() => shard[0, first.Self.Replica.Number].State.AppliedIndex == shard.Primary().Raft.Log.LastIndex);
        shard.Write(never, first.Self);
        shard.AnswerTo<NotPrimary>(never.Try).Should().NotBeNull();
        shard.Write(taken, first.Self);
        shard.Answers.OfType<WriteReply>().Last(answer => answer.Try == taken.Try).Result.Outcome.Should().Be(WriteOutcomeKind.Unknown, "it counts");
    }

    [Fact]
    public void A_try_meant_for_an_earlier_life_stays_unknown_while_nobody_has_committed_anything_since()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var request = shard.RequestFor(shard.Signal(1), first);
        foreach (var place in shard.Alive.Select(replica => replica.Self).ToList())
            shard.Crash(place);
        shard.Restart(first.Self);
        shard.Write(request, first.Self);
        shard.OutcomeOf(request.Try).Should().Be(WriteOutcomeKind.Unknown);
    }

    [Fact]
    public void A_try_below_the_window_is_answered_unknown_and_not_appended()
    {
        var shard = new ShardHarness();
        var primary = shard.Primary();
        var late = shard.RequestFor(shard.Signal(1), primary);
        shard.Write(new WriteRequest { Try = TryWindow.Size + 1, Tenant = TenantId.First, Epoch = late.Epoch, Records = RecordSelection.Of(shard.Signal(2)), PlacementVersion = 1 }, primary.Self);
        shard.Write(late, primary.Self);
        shard.OutcomeOf(late.Try).Should().Be(WriteOutcomeKind.Unknown);
        ShardHarness.OperationsIn(primary).Should().Equal(2UL);
    }

    [Fact]
    public void What_was_appended_and_then_cut_is_answered_unknown_and_no_copy_of_it_refused()
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var request = shard.RequestFor(shard.Signal(1), first);
        shard.Loses = letter => letter.From == first.Self || letter.From.Node == first.Self.Node;
        shard.Write(request, first.Self);
        shard.RunUntil(() => shard.Primary() != first);
        shard.Loses = static _ => false;
        shard.RunUntil(() => shard.Events.Exists(happened => happened.Place == first.Self && happened.Event.Kind == ReplicaEventKind.CutTail));
        shard.OutcomeOf(request.Try).Should().Be(WriteOutcomeKind.Unknown);
        shard.Write(request, first.Self);
        shard.Answers.Where(answer => answer.Try == request.Try).Should().ContainSingle("the copy is answered by nothing at all");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_that_finds_its_primary_started_anew_is_not_refused(bool diskLost)
    {
        var shard = new ShardHarness(replicas: 3);
        var first = shard.Primary();
        var request = shard.RequestFor(shard.Signal(1), first);
        shard.Write(request, first.Self);
        shard.Run(100);
        shard.Crash(first.Self);
        shard.Answers.Clear();
        shard.Restart(first.Self, diskLost);
        shard.Write(request, first.Self);
        shard.Answers.Should().ContainSingle().Which.Should().BeOfType<WriteReply>().Which.Result.Outcome.Should().Be(WriteOutcomeKind.Unknown);
    }

    [Fact]
    public void Only_what_is_committed_is_counted_listed_shipped_and_acknowledged()
    {
        var shard = new ShardHarness(regions: 2);
        ShippingScenarios.Meet(shard);
        var item = LogRecord.ForItem(new OperationId(new SessionId(default, 1), 9), default, shard.WallMilliseconds, ShardHarness.TheItem, default, []);
        shard.FlushesHeld.Add(shard[0].Self);
        var tried = shard.Write(item, shard[0]);
        var signal = shard.Write(1);
        shard.Run(100);
        shard.CountOn(shard[0]).Should().Be(0);
        shard.Query(shard[0], acceptFollower: false)!.Answer.Items.Should().BeEmpty();
        shard.SentBy<ShipBatches>(0).Should().BeEmpty();
        (shard.OutcomeOf(tried), shard.OutcomeOf(signal)).Should().Be((null, null));
        shard.FlushesHeld.Clear();
        shard.Run(5);
        shard.CountOn(shard[0]).Should().Be(1);
        shard.Query(shard[0], acceptFollower: false)!.Answer.Items.Should().ContainSingle();
        shard.SentBy<ShipBatches>(0).Should().NotBeEmpty();
        shard.OutcomeOf(signal).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_retry_of_what_waits_for_its_commit_waits_for_it_too()
    {
        var shard = new ShardHarness();
        shard.FlushesHeld.Add(shard[0].Self);
        var tries = new[] { shard.Write(1), shard.Write(1) };
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo((WriteOutcomeKind?)null);
        shard.FlushesHeld.Clear();
        shard.Settle();
        tries.Select(shard.OutcomeOf).Should().AllBeEquivalentTo(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[0]).Should().Equal(1UL);
    }

    [Fact]
    public void A_number_below_the_sessions_window_that_is_not_held_is_unknown()
    {
        var shard = new ShardHarness();
        shard.Write(100);
        shard.OutcomeOf(shard.Write(100 - IdempotencyStore.Window)).Should().Be(WriteOutcomeKind.Unknown);
        shard.OutcomeOf(shard.Write(100 - IdempotencyStore.Window + 1)).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[0]).Should().Equal(100UL, 37UL);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void An_event_time_outside_its_bounds_is_refused(long before1970, bool refused) =>
        ShouldBeRefused(signal => signal with { EventTimeMilliseconds = before1970 }, refused);

    [Theory]
    [InlineData(300_000, false)]
    [InlineData(300_001, true)]
    public void An_event_time_more_than_five_minutes_ahead_is_refused(long ahead, bool refused) =>
        ShouldBeRefused(signal => signal with { EventTimeMilliseconds = signal.EventTimeMilliseconds + ahead }, refused);

    [Fact]
    public void Records_that_cannot_be_written_are_refused_and_the_primary_goes_on()
    {
        ShouldBeRefused(signal => signal with { SignalType = new SignalTypeId(99) });
        ShouldBeRefused(signal => signal with { Weight = double.NaN });
        ShouldBeRefused(signal => signal with { Weight = -1 });
        ShouldBeRefused(signal => signal with { Item = new ItemId("") });
        ShouldBeRefused(signal => signal with { Item = default });
        ShouldBeRefused(signal => signal with { Item = new ItemId(new string('x', 1025)) });
        ShouldBeRefused(signal => signal with { User = new UserId("\ud800") });
        ShouldBeRefused(signal => signal with { Operation = default });
        ShouldBeRefused(signal => signal with { Cohorts = [new CohortScope(-5, "de")] });
        ShouldBeRefused(signal => signal with { Cohorts = [new CohortScope(7, "de")] });
        ShouldBeRefused(signal => signal with { Kind = (RecordKind)99 });
        ShouldBeRefused(signal => Hide(signal), refused: false);
        ShouldBeRefused(signal => Hide(signal) with { Target = "" });
        ShouldBeRefused(signal => Hide(signal) with { Target = null });
        ShouldBeRefused(signal => Hide(signal) with { TargetKind = (TargetKind)9 });
        ShouldBeRefused(signal => Hide(signal) with { NegativeKind = (NegativeKind)9 });
        ShouldBeRefused(signal => Hide(signal) with { IsUndo = true });
    }

    [Fact]
    public void A_write_of_an_unknown_tenant_is_refused_and_the_primary_goes_on()
    {
        var shard = new ShardHarness();
        var request = new WriteRequest { Try = 77, Tenant = new TenantId(5), Epoch = shard[0].Raft.Epoch, Records = RecordSelection.Of(shard.Signal(1)) };
        shard.OutcomeOf(shard.Write(request, shard[0].Self)).Should().Be(WriteOutcomeKind.Refused);
        shard.OutcomeOf(shard.Write(1)).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void More_than_the_bound_waiting_for_their_commit_are_refused_as_overloaded()
    {
        var shard = new ShardHarness(replicas: 3, options: new ReplicationOptions { UncommittedMax = 3 });
        shard.Loses = letter => letter.Message is AppendEnvelopes;
        var tries = Enumerable.Range(1, 5).Select(number => shard.Write((ulong)number)).ToList();
        tries.Count(tried => shard.ResultOf(tried)?.Refusal == RefusalReason.Overloaded).Should().Be(2);
        shard.Loses = static _ => false;
        shard.Run(1000);
        tries.Count(tried => shard.OutcomeOf(tried) == WriteOutcomeKind.Acknowledged).Should().Be(3);
        ShardHarness.OperationsIn(shard.Primary()).Should().Equal(1UL, 2UL, 3UL);
    }

    [Fact]
    public void A_follower_that_has_heard_no_primary_since_it_started_answers_and_cannot_tell_how_stale()
    {
        var shard = new ShardHarness(replicas: 3);
        var addresses = shard.Alive.Select(replica => replica.Self).ToList();
        addresses.ForEach(shard.Crash);
        shard.Restart(addresses[1]);
        var answer = shard.Query(shard[0, 1], acceptFollower: true)!;
        (answer.IsPrimary, answer.Staleness).Should().Be((false, TimeSpan.MaxValue));
    }

    [Fact]
    public void A_region_says_of_an_origin_it_never_heard_that_its_age_is_not_known()
    {
        var shard = new ShardHarness(regions: 2);
        shard.Query(shard[0], acceptFollower: false)!.Origins.Should().Equal(new OriginStaleness(new RegionId(1), TimeSpan.MaxValue));
        ShippingScenarios.Meet(shard);
        shard.Query(shard[0], acceptFollower: false)!.Origins.Should().ContainSingle()
            .Which.Staleness.Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    private static LogRecord Hide(in LogRecord signal) =>
        LogRecord.HardNegative(signal.Operation, default, 0, signal.User, "item", TargetKind.Item, NegativeKind.Hide);

    private static void ShouldBeRefused(Func<LogRecord, LogRecord> change, bool refused = true)
    {
        var shard = new ShardHarness();
        var record = change(shard.Signal(1));
        var answer = shard.ResultOf(shard.Write(record, shard[0]))!;
        (answer.Outcome == WriteOutcomeKind.Refused).Should().Be(refused, "{0} {1}", record, answer.Problem);
        if (refused)
            (answer.Refusal, string.IsNullOrEmpty(answer.Problem)).Should().Be((RefusalReason.Invalid, false));
        shard.OutcomeOf(shard.Write(2)).Should().Be(WriteOutcomeKind.Acknowledged);
    }
}
