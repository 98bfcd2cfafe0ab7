using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

/// <summary>What a rank index holds and costs; that no answer shows it is held by the properties of queries.</summary>
public sealed class RankIndexTests
{
    private const int Kept = 8;
    private static readonly SignalSchema Schema = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6)).Signal("like", TimeSpan.FromDays(1), weight: 3).Cohort("locale").RankIndexes(Kept, indexes: 3).Build();

    private readonly ShardQueryExecutor _executor = new(default);
    private readonly Ledger _ledger = new(Schema);
    private ulong _operation;

    [Fact]
    public void A_query_looks_at_the_best_and_not_at_all()
    {
        Fill(items: 200);
        Ask("RETRIEVE items LIMIT 3").CandidatesConsidered.Should().BeLessThan(Kept);
        Ask("RETRIEVE items USING PROFILE top LIMIT 3").CandidatesConsidered.Should().BeLessThan(Kept);
        Ask("RETRIEVE items USING PROFILE new LIMIT 3").CandidatesConsidered.Should().BeLessThan(Kept);
        Ask("RETRIEVE items USING PROFILE top WINDOW 1h LIMIT 3").CandidatesConsidered.Should().Be(200, "counts of a window fall as time passes");
    }

    [Fact]
    public void What_filters_use_up_is_found_by_a_scan()
    {
        Fill(items: 200);
        _ledger.Item("i0", attributes: new AttributeValue("colour", "red"));
        var answer = Ask("RETRIEVE items FILTER colour:red LIMIT 3");
        answer.Items.Select(item => item.Item.Value).Should().Equal("i0");
        answer.CandidatesConsidered.Should().Be(200);
    }

    [Fact]
    public void What_is_taken_back_leaves_and_an_index_that_is_half_empty_is_filled_again()
    {
        var signals = Fill(items: 200);
        var index = Index();
        var trimmedTo = index.Count;
        for (var item = 199; index.Count > Kept / 2; item--)
            _ledger.Take(LogRecord.Retraction(default, signals[item]));
        (trimmedTo, index.IsDepleted).Should().Be((Kept, false));
        var gone = index.Items[0];
        _ledger.Take(LogRecord.Retraction(default, signals[int.Parse(gone.Item.Value[1..])]));
        (index.Count, index.IsDepleted, index.Items.Contains(gone)).Should().Be((Kept / 2 - 1, true, false));
        Index().Count.Should().Be(Kept);
    }

    [Fact]
    public void A_later_attempt_that_does_not_count_leaves()
    {
        Fill(items: 200);
        var later = Signal("i0", weight: 1e6) with { Attempt = 1 };
        _ledger.Take(later, region: 1);
        Best().Should().Be("i0");
        // The first attempt, of another item.
        _ledger.Take(later with { Attempt = 0, Item = new ItemId("i1"), Weight = 1e-6 });
        Best().Should().Be("i199");
        var index = Index();
        index.Items.Take(index.Count).Should().NotContain(_ledger.State.Find(new ItemId("i0"))!);
    }

    [Fact]
    public void Of_equal_keys_the_lower_ids_are_kept()
    {
        for (var item = 0; item < 100; item++)
            _ledger.Item($"i{item}").Take(Signal($"i{item}"));
        var index = _ledger.State.Rank(RankOrder.Count, Ledger.View, CohortScope.Everyone);
        index.Items.Take(index.Count).Select(item => item.Item.Value).Order(StringComparer.Ordinal)
            .Should().Equal(Enumerable.Range(0, 100).Select(item => $"i{item}").Order(StringComparer.Ordinal).Take(Kept));
        index.ThresholdItem.Should().Be(new ItemId("i16"));
    }

    [Fact]
    public void Equal_counts_need_no_scan_where_one_type_counts()
    {
        var ledger = new Ledger(new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).RankIndexes(Kept).Build());
        for (var item = 0; item < 100; item++)
            ledger.Item($"i{item}").Take(Signal($"i{item}"));
        var plan = RetrievePlan.Of(RetrieveParser.Parse("RETRIEVE items USING PROFILE top LIMIT 3"), Schema, Ledger.Noon) with { Terms = [new(Ledger.View, 1)] };
        var answer = _executor.Execute(ledger.State, plan, null);
        answer.Items.Select(item => item.Item.Value).Should().Equal("i0", "i1", "i10");
        answer.CandidatesConsidered.Should().BeLessThan(Kept);
    }

    [Fact]
    public void An_equal_score_of_two_types_may_be_of_a_lower_id_that_neither_index_has_come_to()
    {
        foreach (var item in new[] { "z", "z", "z", "z", "A1", "a" })
            _ledger.Item(item).Take(Signal(item));
        foreach (var item in new[] { "A2", "a" })
            _ledger.Item(item).Take(Signal(item) with { SignalType = Ledger.Like });
        Ask("RETRIEVE items USING PROFILE top LIMIT 1").Items[0].Should().Match<RankedItem>(item => item.Item.Value == "a" && item.Score == 4);
    }

    [Fact]
    public void An_item_without_a_record_takes_no_place()
    {
        Index();
        for (var item = 0; item < 100; item++)
            _ledger.Take(Signal($"unlisted{item}"));
        Index().Count.Should().Be(0);
        _ledger.Item("unlisted7");
        Index().Items[0].Item.Value.Should().Be("unlisted7");
    }

    [Fact]
    public void An_index_is_made_when_it_is_asked_for_and_goes_when_it_was_not_asked_for_the_longest()
    {
        Fill(items: 20);
        _ledger.State.Ranks.Count.Should().Be(0);
        Ask("RETRIEVE items");
        Ask("RETRIEVE items USING PROFILE new");
        var view = Index();
        _ledger.State.Ranks.Count.Should().Be(3);
        Index(Ledger.Locale("en"));
        _ledger.State.Ranks.Count.Should().Be(3, "it is bounded by the schema");
        Index().Should().BeSameAs(view);
        Ask("RETRIEVE items USING PROFILE new LIMIT 1").CandidatesConsidered.Should().BeLessThan(Kept);
    }

    [Fact]
    public void A_schema_may_keep_no_index()
    {
        var ledger = new Ledger(new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).RankIndexes(indexes: 0).Build()).Item("a").Signal("a").Item("b");
        _executor.Execute(ledger.State, RetrievePlan.Of(RetrieveParser.Parse("RETRIEVE items LIMIT 1"), Ledger.Schema, Ledger.Noon), null)
            .CandidatesConsidered.Should().Be(2);
        new Action(() => new SchemaBuilder().RankIndexes(items: 0)).Should().Throw<SchemaException>().WithMessage("*1 to*");
        new Action(() => new SchemaBuilder().RankIndexes(indexes: -1)).Should().Throw<SchemaException>().WithMessage("*at least 0*");
    }

    [Fact]
    public void The_most_that_a_key_stands_for_is_no_less_than_what_is_read() =>
        SeededProperty.HoldsFor(random =>
        {
            const long halfLife = 21_600_000;
            var (one, other) = (RandomSum(random), RandomSum(random));
            var time = (one.Exponent + random.Next(-1200, 1200)) * halfLife + random.Next(0, halfLife);
            RankKey.MostOf(RankKey.Of(one), RankOrder.Score, time, halfLife).Should().BeGreaterThanOrEqualTo(one.At(time, halfLife));
            if (RankKey.Of(one) < RankKey.Of(other))
                one.At(time, halfLife).Should().BeLessThanOrEqualTo(other.At(time, halfLife));
            (RankKey.Of(one) == RankKey.None).Should().Be(one.Mantissa == 0);
        }, cases: 3000);

    private static ForwardScore RandomSum(DeterministicRandom random) => random.Chance(0.1)
        ? ForwardScore.Zero
        : new ForwardScore(Math.ScaleB(1 + random.NextDouble(), (int)random.Next(-60, 60)), (int)random.Next(-20_000, 20_000));

    // The higher the number the better.
    private List<LogRecord> Fill(int items)
    {
        var signals = new List<LogRecord>();
        for (var item = 0; item < items; item++)
        {
            _ledger.Item($"i{item}", Ledger.Noon + item).Take(Signal($"i{item}", 1 + item));
            for (var more = 0; more < item / 20; more++)
                _ledger.Take(Signal($"i{item}", 1e-9));
            signals.Add(Signal($"i{item}", 1 + item));
            _ledger.Take(signals[^1]);
        }
        return signals;
    }

    private LogRecord Signal(string item, double weight = 1) => LogRecord.Signal(
        new OperationId(new SessionId(default, 1), ++_operation), default, Ledger.Noon, new ItemId(item), Ledger.User, Ledger.View, weight);

    private RankIndex Index(CohortScope? scope = null) => _ledger.State.Rank(RankOrder.Score, Ledger.View, scope ?? CohortScope.Everyone);

    private string Best() => Ask("RETRIEVE items LIMIT 1").Items[0].Item.Value;

    private ShardAnswer Ask(string query) => _executor.Execute(_ledger.State, RetrievePlan.Of(RetrieveParser.Parse(query), Schema, Ledger.Noon), null);
}
