using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>Sessions end, and what was kept for them goes (PROTOCOL 13). The session is region 0's first.</summary>
public sealed class SessionScenarios
{
    private static readonly SessionId Session = new(default, 1);

    [Fact]
    public void An_ended_session_writes_nothing_more_and_what_it_wrote_is_still_acknowledged()
    {
        var shard = RetryScenarios.Met();
        shard.Write(1);
        shard.OutcomeOf(End(shard)).Should().Be(WriteOutcomeKind.Acknowledged);
        RefusalOf(shard, shard.Write(2)).Should().Be(RefusalReason.SessionEnded);
        RefusalOf(shard, shard.Write(LogRecord.Retraction(default, shard.Signal(1)), shard[0])).Should().Be(RefusalReason.SessionEnded);
        shard.OutcomeOf(shard.Write(1)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(End(shard)).Should().Be(WriteOutcomeKind.Acknowledged);
        ShardHarness.OperationsIn(shard[0], origin: 0).Should().Equal([1UL, 0UL], "it ends once");
    }

    [Fact]
    public void It_has_ended_as_soon_as_its_end_is_in_the_tail()
    {
        var shard = RetryScenarios.Met();
        shard.FlushesHeld.Add(shard[0].Self);
        var (written, ended) = (shard.Write(1), End(shard));
        RefusalOf(shard, shard.Write(2)).Should().Be(RefusalReason.SessionEnded);
        (shard.OutcomeOf(written), shard.OutcomeOf(ended)).Should().Be((null, null));
        shard.FlushesHeld.Clear();
        shard.Settle();
        (shard.OutcomeOf(written), shard.OutcomeOf(ended)).Should().Be((WriteOutcomeKind.Acknowledged, WriteOutcomeKind.Acknowledged));
    }

    [Fact]
    public void A_promoted_primary_refuses_it_too()
    {
        var shard = RetryScenarios.Met(regions: 1, replicas: 3);
        var first = shard.Primary();
        var second = ShippingScenarios.AppendOnOneFollower(shard, first, () => End(shard));
        shard.Crash(first.Self);
        shard.Keeps = letter => letter.Message is AppendEnvelopes;
        shard.RunUntil(() => second.Raft.Role == RaftRole.Primary);
        shard.OutcomeOf(shard.Write(shard.Signal(1), second)).Should().Be(WriteOutcomeKind.Refused);
        shard.Release();
    }

    [Fact]
    public void An_end_seen_from_elsewhere_is_every_regions_and_then_its_sets_go_and_its_id_is_refused_for_good()
    {
        var shard = RetryScenarios.Met();
        shard.Write(1);
        RetryScenarios.Retry(shard, region: 1, attempt: 1, number: 2);
        End(shard);
        shard.Run(2000);
        foreach (var replica in shard.Alive)
        {
            var tenant = replica.State.TenantOf(TenantId.First);
            tenant.Origins.Values.Sum(origin => origin.Operations.SessionCount).Should().Be(0);
            RefusalOf(shard, shard.Write(shard.Signal(1), replica)).Should().Be(RefusalReason.SessionEnded);
            RefusalOf(shard, shard.Write(shard.Signal(3) with { Attempt = 1 }, replica)).Should().Be(RefusalReason.SessionEnded);
            shard.CountOn(replica).Should().Be(2, "a later attempt that counts stays");
        }
        shard.Alive.Select(replica => replica.State.Digest()).Distinct().Should().ContainSingle();
    }

    // If its sets went with the first end, the attempt that comes last would count beside the first.
    [Fact]
    public void Its_sets_are_kept_until_every_regions_end_is_held()
    {
        var shard = RetryScenarios.Met();
        RetryScenarios.CutOff(shard, region: 2);
        shard.Write(1);
        RetryScenarios.Retry(shard, region: 2, attempt: 1);
        End(shard);
        shard.Run(2000);
        foreach (var region in new[] { 0, 1 })
            shard[region].State.TenantOf(TenantId.First).Origins.Values.Count(origin => origin.Operations.HasEnded(Session)).Should().Be(2);
        shard.OutcomeOf(RetryScenarios.Retry(shard, region: 1, attempt: 1)).Should().Be(WriteOutcomeKind.Acknowledged);
        RetryScenarios.Heal(shard);
        RetryScenarios.ShouldCountOnce(shard, voided: 1);
        shard.Alive.Should().OnlyContain(replica => replica.State.TenantOf(TenantId.First).Ends.HasEndedEverywhere(Session));
    }

    [Fact]
    public void A_session_that_no_region_has_heard_of_for_too_long_ends_by_itself()
    {
        var shard = RetryScenarios.Met(options: new ReplicationOptions { SessionIdleMax = TimeSpan.FromSeconds(8) });
        shard.Write(1);
        shard.Run(7_000);
        shard.OutcomeOf(shard.Write(2)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.Run(7_000);
        shard[0].State.TenantOf(TenantId.First).Origins[default].Operations.HasEnded(Session).Should().BeFalse("it has written since");
        shard.Run(4_000);
        RefusalOf(shard, shard.Write(3)).Should().Be(RefusalReason.SessionEnded);
        shard.Alive.Should().OnlyContain(replica => replica.State.TenantOf(TenantId.First).Ends.HasEndedEverywhere(Session));
    }

    [Fact]
    public void A_session_that_went_to_another_region_is_not_idle()
    {
        var shard = RetryScenarios.Met(options: new ReplicationOptions { SessionIdleMax = TimeSpan.FromSeconds(8) });
        shard.Write(1);
        for (var number = 2UL; number < 6; number++)
        {
            shard.Run(5_000);
            shard.OutcomeOf(shard.Write(shard.Signal(number), shard[1])).Should().Be(WriteOutcomeKind.Acknowledged);
        }
        shard.OutcomeOf(shard.Write(6)).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void No_more_sessions_end_by_themselves_at_a_time_than_the_bound()
    {
        var options = new ReplicationOptions { SessionIdleMax = TimeSpan.FromSeconds(4), SessionEndsPerSweepMax = 2 };
        var shard = RetryScenarios.Met(regions: 1, options: options);
        for (var session = 1UL; session <= 6; session++)
            shard.Write(shard.Signal(1) with { Operation = new OperationId(new SessionId(default, session), 1) }, shard[0]);
        long Live() => shard[0].State.TenantOf(TenantId.First).Origins[default].Operations.SessionCount;
        shard.RunUntil(() => Live() < 6);
        Live().Should().Be(4);
        shard.Run(600);
        Live().Should().Be(0);
    }

    [Fact]
    public void More_live_sessions_than_the_bound_are_refused_until_one_ends()
    {
        var shard = RetryScenarios.Met(regions: 1, options: new ReplicationOptions { SessionsMax = 2 });
        var open = LogRecord.ForSession(default, default, 0, SessionAction.Open);
        var opened = shard.ResultOf(shard.Write(open, shard[0]))!.Session;
        shard.Write(open, shard[0]);
        RefusalOf(shard, shard.Write(open, shard[0])).Should().Be(RefusalReason.TooManySessions);
        var unheard = shard.Signal(1) with { Operation = new OperationId(new SessionId(new RegionId(5), 9), 1) };
        RefusalOf(shard, shard.Write(unheard, shard[0])).Should().Be(RefusalReason.TooManySessions);
        shard.Write(LogRecord.ForSession(opened, default, 0, SessionAction.End), shard[0]);
        shard.OutcomeOf(shard.Write(unheard, shard[0])).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_session_whose_numbers_have_more_gaps_than_the_bound_is_exhausted_and_may_fill_them()
    {
        var shard = RetryScenarios.Met(regions: 1, options: new ReplicationOptions { SessionIntervalsMax = 2 });
        shard.Write(1);
        shard.Write(3);
        RefusalOf(shard, shard.Write(5)).Should().Be(RefusalReason.SessionExhausted);
        RefusalOf(shard, shard.Write(shard.Signal(5) with { Attempt = 1 }, shard[0])).Should().Be(RefusalReason.SessionExhausted);
        shard.OutcomeOf(shard.Write(4)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(shard.Write(2)).Should().Be(WriteOutcomeKind.Acknowledged);
        shard.OutcomeOf(shard.Write(7)).Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void Records_of_sessions_that_say_nothing_are_refused()
    {
        var shard = RetryScenarios.Met(regions: 1);
        RefusalOf(shard, shard.Write(LogRecord.ForSession(default, default, 0, SessionAction.End), shard[0])).Should().Be(RefusalReason.Invalid);
        var end = LogRecord.ForSession(Session, default, 0, SessionAction.End);
        RefusalOf(shard, shard.Write(end with { Attempt = 1 }, shard[0])).Should().Be(RefusalReason.Invalid);
        RefusalOf(shard, shard.Write(end with { Operation = new OperationId(Session, 7) }, shard[0])).Should().Be(RefusalReason.Invalid);
    }

    private static ulong End(ShardHarness shard) => shard.Write(LogRecord.ForSession(Session, default, 0, SessionAction.End), shard.Primary());

    private static RefusalReason RefusalOf(ShardHarness shard, ulong tried) => shard.ResultOf(tried)!.Refusal;
}
