using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>
/// Of all committed records of one operation exactly one counts, and which is a function of the logs held (DESIGN §6): held
/// against counting by hand.
/// </summary>
public sealed class ExactlyOnceProperties
{
    private static readonly string[] Items = ["a", "b"];
    private static readonly CohortScope[] Scopes = [CohortScope.Everyone, Ledger.Locale("en"), Ledger.Locale("de")];

    [Fact]
    public void Replicas_that_hold_the_same_logs_are_equal_to_the_bit_in_whatever_order_attempts_came() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            var lengths = history.RandomLengths();
            var (one, other) = (history.Replica(lengths), history.Replica(lengths));
            AttemptHistory.DigestOf(one).Should().Be(AttemptHistory.DigestOf(other));
            foreach (var item in Items)
                Score(one, item).Should().Be(Score(other, item));
        }, cases: 1000);

    [Fact]
    public void The_lowest_attempt_region_and_number_of_each_operation_counts_and_nothing_else() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            var lengths = history.RandomLengths();
            var replica = history.Replica(lengths);
            var counted = ByHand(history.Records(lengths));
            replica.State.SignalsMaterialized.Should().Be(counted.Count(record => record.Kind == RecordKind.Signal));
            replica.SignalRecords.Should().Be(history.Records(lengths).Count(held => held.Record.Kind == RecordKind.Signal));
            replica.SignalsVoided.Should().Be(replica.SignalRecords - replica.State.SignalsMaterialized);
            foreach (var (item, scope) in Items.SelectMany(item => Scopes.Select(scope => (item, scope))))
            {
                var there = counted.Where(record => record.Item.Value == item && scope.Equals(ScopeOf(record, scope))).ToList();
                var expected = there.Sum(record => record.Kind == RecordKind.Signal ? 1 : -1);
                replica.State.ReadCount(new ItemId(item), Ledger.View, scope, CountWindow.All, Ledger.Noon).Should().Be(Math.Max(0, expected));
            }
        }, cases: 1000);

    [Fact]
    public void Once_every_end_is_held_the_session_is_gone_and_what_counts_has_stayed() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            var replica = history.Replica(history.WholeLengths);
            foreach (var session in history.Records(history.WholeLengths).Select(held => held.Record.Identity.Session).Distinct())
            {
                var ends = history.Records(history.WholeLengths).Count(held => held.Record.Identity == new RecordIdentity(new OperationId(session, 0), IdentityKind.End));
                replica.Ends.HasEndedEverywhere(session).Should().Be(ends == AttemptHistory.Origins);
                var kept = replica.Origins.Values.Count(origin => origin.Operations.Sessions.ContainsKey(session));
                (ends == AttemptHistory.Origins ? kept == 0 : kept > 0).Should().BeTrue();
            }
        });

    // What reading a snapshot back and merging one in come to: states that know parts and later attempts, and then the sets.
    [Fact]
    public void Deciding_anew_which_later_attempts_count_comes_to_what_taking_them_in_came_to() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            var lengths = history.RandomLengths();
            var replica = history.Replica(lengths);
            var blind = new TenantState(Ledger.Schema);
            for (var origin = AttemptHistory.Origins - 1; origin >= 0; origin--)
            {
                for (var place = 0; place < lengths[origin]; place++)
                    history.Apply(blind.Apply, origin, place);
            }
            blind.ResolveLater(replica.KnowsVoid);
            Digest(blind).Should().Be(Digest(replica.State));
            blind.SignalsMaterialized.Should().Be(replica.State.SignalsMaterialized);
            blind.ResolveLater(replica.KnowsVoid);
            Digest(blind).Should().Be(Digest(replica.State), "deciding it twice changes nothing");
        }, cases: 500);

    [Fact]
    public void What_a_log_says_of_sessions_is_read_back_as_it_was_written() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            foreach (var origin in history.Replica(history.RandomLengths()).Origins.Values)
            {
                var written = new SnapshotWriter();
                origin.Operations.AddTo(written);
                var reader = new StateReader(written.ToBytes());
                var read = IdempotencyStore.Read(reader);
                reader.MustBeAtEnd();
                Digest(read).Should().Be(Digest(origin.Operations));
            }
        }, cases: 100);

    private static List<LogRecord> ByHand(IEnumerable<(RegionId Origin, ulong Number, LogRecord Record)> records) =>
    [
        .. records.Where(held => held.Record.Kind is RecordKind.Signal or RecordKind.Retraction)
            .GroupBy(held => held.Record.Identity)
            .Select(same => same.OrderBy(held => held.Record.Attempt).ThenBy(held => held.Origin).ThenBy(held => held.Number).First().Record),
    ];

    private static CohortScope ScopeOf(LogRecord record, CohortScope wanted) =>
        wanted == CohortScope.Everyone || (record.Cohorts ?? []).Contains(wanted) ? wanted : new CohortScope(99, "another");

    private static long Score(TenantReplica replica, string item) =>
        BitConverter.DoubleToInt64Bits(replica.State.ReadDecayScore(new ItemId(item), Ledger.View, CohortScope.Everyone, Ledger.Noon));

    private static string Digest(TenantState state)
    {
        using var digest = new StateDigest();
        state.AddTo(digest);
        return digest.Finish();
    }

    private static string Digest(IdempotencyStore store)
    {
        using var digest = new StateDigest();
        store.AddTo(digest);
        return digest.Finish();
    }
}
