using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Crdt;

namespace Tidal.Tests.Signals;

public sealed class RetractionTests
{
    private static readonly CohortScope English = Ledger.Locale("en");

    [Fact]
    public void What_is_taken_back_is_off_every_count_and_score()
    {
        var ledger = new Ledger().Take(Like(1)).Take(Like(2, weight: 2)).Take(Unlike(Like(1)));
        foreach (var window in Enum.GetValues<CountWindow>())
            ledger.Count("a", window, scope: English).Should().Be(1, window.ToString());
        ledger.Score("a", scope: English).Should().BeApproximately(2, 1e-12);
        ledger.Score("a").Should().BeApproximately(2, 1e-12);
        var counts = ledger.State.Find(new ItemId("a"))!.Signals(Ledger.View, English)!.Value.CountsOf(new RegionId(0));
        counts.Should().Be(new PNCounter(2, 1), "what was added and what was taken back are kept apart");
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 0, 2)]
    [InlineData(2, 1, 0)]
    public void It_counts_once_wherever_it_was_sent(params int[] order)
    {
        var ledger = new Ledger().Take(Like(1)).Take(Like(2));
        foreach (var region in order)
            ledger.Take(Unlike(Like(1), attempt: (byte)region), region);
        (ledger.Count("a"), ledger.Count("a", CountWindow.OneHour), ledger.Score("a")).Should().Be((1, 1, 1));
    }

    [Fact]
    public void Of_later_attempts_the_lowest_attempt_region_and_number_counts()
    {
        var retractions = new[] { (Attempt: 1, Region: 2), (Attempt: 2, Region: 0), (Attempt: 1, Region: 1) };
        Enumerable.Range(0, 3).Select(first =>
        {
            var state = new CrdtSignalState(Ledger.Schema[Ledger.View], CohortScope.Everyone);
            for (var next = 0; next < 3; next++)
            {
                var (attempt, region) = retractions[(first + next) % 3];
                state.ApplyLater(Unlike(Like(1)).Identity, (byte)attempt, new SignalEvent(new RegionId((ushort)region), 1, 1, 1, Ledger.Noon, Ledger.Noon));
            }
            return MergeLaws.Digest(state);
        }).Distinct().Should().ContainSingle().Which.Should().Be(DigestOfOne(attempt: 1, region: 1));
    }

    // As two copies have it that were merged item by item, where a client said something else at each try.
    [Fact]
    public void Of_later_attempts_that_stand_at_different_items_the_lowest_counts_when_it_is_decided_anew()
    {
        var ledger = new Ledger().Take(Like(1) with { Attempt = 1 }, region: 2).Take(Like(2) with { Item = new ItemId("b") });
        var other = new SignalEvent(new RegionId(1), 1, 1, 1, Ledger.Noon, Ledger.Noon);
        ledger.State.Find(new ItemId("b"))!.StateOf(Ledger.Schema[Ledger.View], CohortScope.Everyone).ApplyLater(Like(1).Identity, 1, other);
        ledger.State.ResolveLater(_ => false);
        (ledger.Count("a"), ledger.Count("b"), ledger.State.SignalsMaterialized).Should().Be((0, 2, 2));
    }

    [Fact]
    public void A_read_is_never_below_nothing()
    {
        var ledger = new Ledger().Take(Unlike(Like(1, weight: 5)));
        (ledger.Count("a"), ledger.Count("a", CountWindow.OneHour), ledger.Score("a")).Should().Be((0, 0, 0.0));
        ledger.Take(Like(2), region: 1);
        (ledger.Count("a"), ledger.Score("a")).Should().Be((0, 0.0), "what was taken back is still to come");
        ledger.Take(Like(1, weight: 5), region: 2);
        ledger.Count("a").Should().Be(1);
        ledger.Score("a").Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void An_item_of_which_everything_was_taken_back_has_no_score_left_over_by_rounding() =>
        SeededProperty.HoldsFor(random =>
        {
            var likes = Enumerable.Range(1, 20).Select(number =>
                Like(number, 0.1 + random.NextDouble(), Ledger.Noon - random.Next(0, 100_000_000))).ToList();
            var ledger = new Ledger();
            foreach (var like in likes)
                ledger.Take(like);
            foreach (var like in likes.OrderBy(_ => random.NextDouble()))
                ledger.Take(Unlike(like));
            (ledger.Count("a"), ledger.Score("a")).Should().Be((0, 0.0));
        });

    [Fact]
    public void It_is_a_function_of_the_logs_held_and_agrees_with_counting_by_hand() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = SignalHistory.Random(random);
            var lengths = history.RandomLengths(random);
            var (one, other) = (history.Replica(lengths, random), history.Replica(lengths, random));
            one.Digest().Should().Be(other.Digest());
            BitConverter.DoubleToInt64Bits(one.Score("a")).Should().Be(BitConverter.DoubleToInt64Bits(other.Score("a")));
            var (count, score, terms) = ByHand(history.Records(lengths));
            one.Count("a").Should().Be(count);
            one.Score("a").Should().BeApproximately(score, 1e-12 * terms);
        }, cases: 500);

    [Fact]
    public void Whatever_it_says_shows_in_the_digest()
    {
        string[] digests =
        [
            new Ledger().Take(Like(1)).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1))).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(2), attempt: 1)).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1, weight: 2))).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1, time: Ledger.Noon - 3_600_000))).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1)), region: 1).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1), attempt: 1)).Digest(),
            new Ledger().Take(Like(1)).Take(Unlike(Like(1), attempt: 2)).Digest(),
        ];
        digests.Should().OnlyHaveUniqueItems();
    }

    private static LogRecord Like(int number, double weight = 1, long time = Ledger.Noon) => LogRecord.Signal(
        new OperationId(new SessionId(new RegionId(0), 1), (ulong)number), HlcTimestamp.Zero, time, new ItemId("a"), Ledger.User, Ledger.View, weight, [English]);

    private static LogRecord Unlike(in LogRecord like, byte attempt = 0) => LogRecord.Retraction(HlcTimestamp.Zero, like, attempt);

    private static string DigestOfOne(int attempt, int region)
    {
        var state = new CrdtSignalState(Ledger.Schema[Ledger.View], CohortScope.Everyone);
        state.ApplyLater(Unlike(Like(1)).Identity, (byte)attempt, new SignalEvent(new RegionId((ushort)region), 1, 1, 1, Ledger.Noon, Ledger.Noon));
        return MergeLaws.Digest(state);
    }

    private static (long Count, double Score, double Terms) ByHand(IReadOnlyList<LogRecord> records)
    {
        var signals = records.Where(record => record.Kind == RecordKind.Signal).DistinctBy(record => record.Operation).ToList();
        var retracted = records.Where(record => record.Kind == RecordKind.Retraction).DistinctBy(record => record.Retracts).ToList();
        var (added, takenBack) = (signals.Sum(Decayed), retracted.Sum(Decayed));
        return (Math.Max(0, signals.Count - retracted.Count), Math.Max(0, added - takenBack), added + takenBack);
    }

    private static double Decayed(LogRecord record) => record.Weight
        * Math.Pow(2, -(Ledger.Noon - record.EventTimeMilliseconds) / (double)Ledger.Schema[Ledger.View].HalfLifeMilliseconds);
}
