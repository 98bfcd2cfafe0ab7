using Tidal.Crdt;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Queries for a user, step by step: whose hides are read, what is waited for, and what is never shown (PROTOCOL 22).</summary>
public sealed class HidesGatewayTests
{
    private readonly GatewayHarness _gateway = new(regions: 3);
    private readonly List<Outgoing> _asked = [];

    [Fact]
    public void The_shards_are_asked_once_every_region_has_told_with_all_that_they_told()
    {
        var call = Begin("RETRIEVE items FOR USER @ana");
        Tell(0, Hidden("a"));
        Tell(1, Hidden("mia", TargetKind.Creator));
        Parts().Should().BeEmpty();
        Tell(2);
        var parts = Parts();
        parts.Select(part => part.To.Region.Ordinal).Should().Equal((ushort)0, (ushort)1, (ushort)2);
        var hidden = ((ShardQueryRequest)parts[2].Message).Plan.Hidden;
        (hidden.Hides(new ItemId("a"), null), hidden.Hides(new ItemId("b"), "mia"), hidden.Hides(new ItemId("b"), "noa")).Should().Be((true, true, false));
        AnswerAll(parts, "b");
        (call.Result!.Stats.IsDegraded, call.Result.Stats.HidesUnheard.Count).Should().Be((false, 0));
    }

    [Fact]
    public void An_undo_that_another_region_knows_of_wins_over_a_hide_that_is_older()
    {
        Begin("RETRIEVE items FOR USER @ana");
        Tell(0, Hidden("a", hide: 5));
        Tell(1, Hidden("a", hide: 5, undo: 6));
        Tell(2);
        ((ShardQueryRequest)Parts()[0].Message).Plan.Hidden.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Without_the_asking_regions_hides_nothing_is_listed_and_no_shard_asked()
    {
        var call = Begin("RETRIEVE items FOR USER @ana");
        Tell(1);
        Tell(2);
        Pass(_gateway.Options.HidesDeadline);
        Parts().Should().BeEmpty();
        call.Result!.Items.Should().BeEmpty();
        call.Result.Stats.Missing.Should().HaveCount(3).And.OnlyContain(missing => missing.Reason == MissingReason.Hides);
        call.Result.Stats.HidesUnheard.Should().Equal(new RegionId(0));
    }

    [Fact]
    public void A_region_without_its_hides_lists_nothing_and_the_others_go_on()
    {
        var call = Begin("RETRIEVE items FOR USER @ana");
        Tell(0);
        Tell(2);
        Pass(_gateway.Options.HidesDeadline);
        var parts = Parts();
        parts.Select(part => part.To.Region.Ordinal).Should().Equal((ushort)0, (ushort)2);
        AnswerAll(parts, "a");
        call.Result!.Stats.Missing.Should().Equal(new MissingShard(new ShardPlace(new RegionId(1), default), MissingReason.Hides));
        call.Result.Items.Should().NotBeEmpty();
    }

    [Fact]
    public void Hides_that_come_late_filter_the_merged_list()
    {
        var call = Begin("RETRIEVE items FOR USER @ana");
        Tell(0);
        Tell(2);
        Pass(_gateway.Options.HidesDeadline);
        var parts = Parts();
        Answer(parts[0], new RankedItem(new ItemId("a"), 3), new RankedItem(new ItemId("b"), 2) { Creator = "mia" }, new RankedItem(new ItemId("c"), 1));
        Tell(1, Hidden("a"), Hidden("mia", TargetKind.Creator));
        Answer(parts[1]);
        call.Result!.Items.Select(item => item.Item.Value).Should().Equal("c");
        call.Result.Stats.Missing.Should().ContainSingle("it was not asked, though it has told by now").Which.Reason.Should().Be(MissingReason.Hides);
    }

    [Fact]
    public void Read_local_waits_for_the_others_and_is_whole_without_them()
    {
        var call = Begin("RETRIEVE items FOR USER @ana READ local");
        Tell(0);
        Parts().Should().BeEmpty("the others may still tell");
        Pass(_gateway.Options.HidesDeadline);
        AnswerAll(Parts(), "a");
        call.Result!.Stats.IsDegraded.Should().BeFalse();
        call.Result.Stats.HidesUnheard.Should().Equal(new RegionId(1), new RegionId(2));
    }

    [Fact]
    public void Where_the_tenant_has_no_data_the_first_member_that_tells_answers_for_the_query()
    {
        var gateway = new GatewayHarness(regions: 3, members: [1, 2]);
        var call = gateway.Begin(GatewayHarness.Query("RETRIEVE items FOR USER @ana READ local"));
        foreach (var outgoing in gateway.Take().Where(outgoing => outgoing is { Message: HidesRequest, To.Region.Ordinal: 2 }).Take(1))
            gateway.Answer(Told(outgoing, []));
        gateway.Pass(gateway.Options.HidesDeadline);
        var part = gateway.Take().Single(outgoing => outgoing.Message is ShardQueryRequest);
        part.To.Region.Should().Be(new RegionId(2));
        gateway.AnswerQuery(part, "a", isPrimary: true, 1);
        call.Result!.Stats.IsDegraded.Should().BeFalse();
    }

    [Fact]
    public void One_primary_is_asked_where_it_is_known_and_all_replicas_once_it_keeps_silent()
    {
        Begin("RETRIEVE items FOR USER @ana");
        var first = _asked.Where(outgoing => outgoing is { Message: HidesRequest, To.Region.Ordinal: 0 }).ToList();
        first.Should().HaveCount(3);
        _gateway.Redirect(((GatewayRequest)first[0].Message).Try, epoch: 3, primary: 2);
        Tell(0);
        _asked.Clear();
        Begin("RETRIEVE items FOR USER @ana");
        Hides(0).Should().ContainSingle().Which.To.Replica.Number.Should().Be(2);
        Pass(_gateway.Options.HidesDeadline / 2);
        Hides(0).Should().HaveCount(4, "it may be deposed");
    }

    [Theory]
    [InlineData(BehindSession.Refuse)]
    [InlineData(BehindSession.Wait)]
    public void A_session_is_not_answered_before_what_it_has_seen_is_held(BehindSession whenBehind)
    {
        var call = Begin("RETRIEVE items FOR USER @ana", SeenUpTo(1, 7), whenBehind);
        TellMarks(0, (0, 9), (1, 6));
        TellMarks(2, (1, 6));
        Pass(_gateway.Options.HidesDeadline);
        (call.IsCompleted, Parts().Count).Should().Be((whenBehind == BehindSession.Refuse, 0));
        Pass(_gateway.Options.QueryDeadline);
        call.Result!.Items.Should().BeEmpty();
        call.Result.Stats.Missing.Should().HaveCount(3).And.OnlyContain(missing => missing.Reason == MissingReason.BehindSession);
        Parts().Should().BeEmpty();
    }

    [Fact]
    public void A_session_that_waits_is_answered_as_soon_as_the_region_has_caught_up()
    {
        var call = Begin("RETRIEVE items FOR USER @ana", SeenUpTo(1, 7), BehindSession.Wait);
        TellMarks(0, (1, 6));
        TellMarks(1, (1, 6));
        TellMarks(2, (1, 6));
        Parts().Should().BeEmpty();
        _asked.Clear();
        Pass(_gateway.Options.RerouteDelay);
        Hides(0).Should().NotBeEmpty("the asking region is asked again");
        TellMarks(0, (1, 7));
        var parts = Parts();
        parts.Should().HaveCount(3);
        AnswerAll(parts, "a");
        call.Result!.Stats.IsDegraded.Should().BeFalse();
        call.TokenAfter!.Marks[new SessionLog(TenantId.First, default, new RegionId(1))].Should().Be(7);
    }

    [Fact]
    public void What_another_region_told_counts_as_held()
    {
        Begin("RETRIEVE items FOR USER @ana", SeenUpTo(1, 7), BehindSession.Refuse);
        TellMarks(0, (1, 6));
        TellMarks(1, (1, 7));
        TellMarks(2, (1, 5));
        Parts().Should().HaveCount(3);
    }

    [Fact]
    public void A_session_has_seen_what_it_was_told()
    {
        var call = Begin("RETRIEVE items FOR USER @ana", SessionToken.Empty);
        TellMarks(0, (0, 3), (1, 6));
        TellMarks(1, (1, 8));
        TellMarks(2);
        AnswerAll(Parts(), "a");
        call.TokenAfter!.Marks.Values.Should().Equal(3UL, 8UL);
        call.TokenAfter.Hlc.Should().BeGreaterThan(HlcTimestamp.Zero);
    }

    [Fact]
    public void The_clock_goes_on_from_what_a_session_has_seen()
    {
        var ahead = SessionToken.Empty.With(HlcTimestamp.FromUnixMilliseconds(Signals.Ledger.Noon + 90_000));
        var call = Begin("EXPLAIN RETRIEVE items", ahead);
        call.TokenAfter!.Hlc.Should().BeGreaterThan(ahead.Hlc);
        var undo = _gateway.Begin(new WriteCall { Record = Undo(), Token = ahead });
        undo.Record.Hlc.Should().BeGreaterThan(call.TokenAfter.Hlc);
    }

    [Fact]
    public void A_session_has_seen_what_it_wrote()
    {
        var call = _gateway.Begin(new WriteCall { Record = Undo(), Token = SessionToken.Empty });
        foreach (var located in _gateway.Take().Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            _gateway.Redirect(located.Try, epoch: 1, primary: 0);
        var tried = _gateway.TakeOne<WriteRequest>().Request.Try;
        _gateway.Answer(new WriteReply { Try = tried, Result = WriteResult.Acknowledged, Marks = [new OriginNumber(new RegionId(0), 4)] });
        call.TokenAfter!.Marks.Should().ContainSingle().Which.Should().Be(
            KeyValuePair.Create(new SessionLog(TenantId.First, default, new RegionId(0)), 4UL));
    }

    [Fact]
    public void An_undo_is_stamped_at_its_first_try_and_never_again()
    {
        var call = _gateway.Begin(new WriteCall { Record = Undo() });
        var stamp = call.Record.Hlc;
        stamp.Should().BeGreaterThan(HlcTimestamp.Zero);
        Pass(_gateway.Options.CallDeadline);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Refused);
        _gateway.Begin(new WriteCall { Record = call.Record }).Record.Hlc.Should().Be(stamp);
        _gateway.Begin(new WriteCall { Record = Undo() with { IsUndo = false } }).Record.Hlc.Should().Be(HlcTimestamp.Zero, "its primary stamps a hide");
    }

    [Fact]
    public void Overloaded_it_lists_nothing_for_a_user()
    {
        var gateway = new GatewayHarness(options: new GatewayOptions { CallsMax = 1 });
        gateway.Begin(GatewayHarness.Query("RETRIEVE items FOR USER @ana"));
        var call = gateway.Begin(GatewayHarness.Query("RETRIEVE items FOR USER @ana"));
        call.Result!.Items.Should().BeEmpty();
        call.Result.Stats.IsDegraded.Should().BeTrue();
    }

    [Theory]
    [InlineData(BehindSession.Refuse, 6, true)]
    [InlineData(BehindSession.Wait, 6, false)]
    [InlineData(BehindSession.Refuse, 7, true)]
    public void A_score_is_told_to_a_session_only_where_what_it_has_seen_is_held(BehindSession whenBehind, ulong held, bool completed)
    {
        var call = _gateway.Begin(new ScoreCall { Item = new ItemId("a"), Signal = default, Token = SeenUpTo(1, 7), WhenBehind = whenBehind });
        foreach (var located in _gateway.Take().Select(outgoing => outgoing.Message).OfType<LocateRequest>())
            _gateway.Redirect(located.Try, epoch: 1, primary: 0);
        AnswerScore(held);
        (call.IsCompleted, call.Result is not null, call.IsBehindSession).Should().Be((completed, held == 7, held == 6));
        if (completed)
            return;
        Pass(_gateway.Options.RerouteDelay);
        AnswerScore(7);
        (call.Result!.Count, call.IsBehindSession).Should().Be((5, false));
    }

    private static LogRecord Undo() => LogRecord.HardNegative(
        new OperationId(new SessionId(default, 1), 1), default, 0, new UserId("ana"), "a", TargetKind.Item, NegativeKind.Hide, isUndo: true);

    private static SessionToken SeenUpTo(ushort origin, ulong number) =>
        SessionToken.Empty.With(TenantId.First, default, [new OriginNumber(new RegionId(origin), number)]);

    private static KeyValuePair<HardNegativeTarget, HardNegativeRegister> Hidden(
        string target, TargetKind kind = TargetKind.Item, ulong hide = 5, ulong undo = 0) =>
        new(new HardNegativeTarget(kind, target, NegativeKind.Hide), new HardNegativeRegister(new HlcTimestamp(hide), new HlcTimestamp(undo)));

    private static HidesReply Told(Outgoing asked, KeyValuePair<HardNegativeTarget, HardNegativeRegister>[] registers, params (int Origin, ulong Number)[] marks) => new()
    {
        Try = ((HidesRequest)asked.Message).Try,
        Registers = registers,
        Marks = [.. marks.Select(mark => new OriginNumber(new RegionId((ushort)mark.Origin), mark.Number))],
    };

    private QueryCall Begin(string query, SessionToken? token = null, BehindSession whenBehind = default)
    {
        var call = _gateway.Begin(new QueryCall { Query = RetrieveParser.Parse(query), Token = token, WhenBehind = whenBehind });
        _asked.AddRange(_gateway.Take());
        return call;
    }

    private List<Outgoing> Hides(int region) =>
        [.. _asked.Where(outgoing => outgoing.Message is HidesRequest && outgoing.To.Region.Ordinal == region)];

    private void Tell(int region, params KeyValuePair<HardNegativeTarget, HardNegativeRegister>[] registers) =>
        Receive(Told(Hides(region)[^1], registers));

    private void TellMarks(int region, params (int Origin, ulong Number)[] marks) => Receive(Told(Hides(region)[^1], [], marks));

    private void Receive(GatewayReply reply)
    {
        _gateway.Answer(reply);
        _asked.AddRange(_gateway.Take());
    }

    private void Pass(TimeSpan time)
    {
        _gateway.Pass(time);
        _asked.AddRange(_gateway.Take());
    }

    private List<Outgoing> Parts() => [.. _asked.Where(outgoing => outgoing.Message is ShardQueryRequest)];

    private void AnswerAll(List<Outgoing> parts, string item)
    {
        foreach (var part in parts)
            Answer(part, new RankedItem(new ItemId(item), 1));
    }

    private void Answer(Outgoing part, params RankedItem[] items) => Receive(new ShardQueryReply
    {
        Try = ((ShardQueryRequest)part.Message).Try,
        Answer = new ShardAnswer(items, items.Length, items.Length),
        IsPrimary = true,
        CommitIndex = 1,
        Staleness = TimeSpan.Zero,
        Origins = [],
    });

    private void AnswerScore(ulong held)
    {
        foreach (var asked in _gateway.Take().Select(outgoing => outgoing.Message).Concat(_asked.Select(outgoing => outgoing.Message)).OfType<ScoreRequest>().ToList())
            _gateway.Answer(new ScoreReply { Try = asked.Try, Score = 1, Count = 5, Marks = [new OriginNumber(new RegionId(1), held)] });
        _asked.Clear();
    }
}
