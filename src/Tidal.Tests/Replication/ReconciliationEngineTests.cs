using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication.Reconciling;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Replication;

/// <summary>The plan between two regions, as a function of what both hold.</summary>
public sealed class ReconciliationEngineTests
{
    private static readonly RegionId East = new(0);
    private static readonly RegionId West = new(1);
    private static readonly RegionId South = new(2);

    [Fact]
    public void The_plan_is_the_same_on_either_side() =>
        SeededProperty.HoldsFor(random =>
        {
            var (one, other) = (RandomState(random, East), RandomState(random, West));
            var plan = ReconciliationEngine.Plan(one, other);
            ReconciliationEngine.Plan(other, one).Should().Be(plan);
            ReconciliationEngine.Plan(one, other).ToString().Should().Be(plan.ToString());
        });

    [Fact]
    public void A_plan_ships_to_each_side_what_the_other_holds_more_of()
    {
        var plan = ReconciliationEngine.Plan(
            State(West, Held(East, 4), Held(West, 9), Held(South, 5)), State(East, Held(East, 7), Held(West, 2), Held(South, 5)));
        plan.Origins.Should().Equal(
            new OriginMerge(East, 7, 4, 7, MergeMeans.Batches),
            new OriginMerge(West, 2, 9, 9, MergeMeans.Batches),
            new OriginMerge(South, 5, 5, 5, MergeMeans.Nothing));
        (plan.RecordsFor(East), plan.RecordsFor(West)).Should().Be((7UL, 3UL));
        plan.IsEmpty.Should().BeFalse();
    }

    [Theory]
    [InlineData(5, MergeMeans.Batches)]
    [InlineData(6, MergeMeans.Snapshot)]
    public void Only_a_snapshot_will_do_where_the_log_does_not_reach_back(ulong oldest, MergeMeans means) =>
        ReconciliationEngine.Plan(State(East, Held(East, 9, oldest)), State(West, Held(East, 4)))
            .Origins.Should().ContainSingle().Which.Means.Should().Be(means);

    [Fact]
    public void Other_records_under_one_number_are_said_to_differ_and_not_shipped()
    {
        var plan = ReconciliationEngine.Plan(
            State(East, Held(South, 4)), State(West, new OriginHolding(South, new OriginMark(1, 4, 99), 1)));
        plan.Origins.Should().ContainSingle().Which.Means.Should().Be(MergeMeans.Diverged);
        (plan.IsEmpty, plan.RecordsFor(East)).Should().Be((false, 0UL));
    }

    [Fact]
    public void Hard_negatives_that_are_known_differently_are_resolved_and_others_left_out()
    {
        var (hide, undo) = (HardNegativeRegister.OfHide(At(5)), HardNegativeRegister.OfUndo(At(9)));
        var plan = ReconciliationEngine.Plan(
            State(East) with { Negatives = [new(Key("ana"), hide), new(Key("ben"), hide)] },
            State(West) with { Negatives = [new(Key("ana"), undo), new(Key("ben"), hide), new(Key("cleo"), hide)] });
        plan.Negatives.Should().Equal(
            new NegativeMerge(Key("ana"), hide, undo, hide.Merge(undo)), new NegativeMerge(Key("cleo"), default, hide, hide));
    }

    [Fact]
    public void Of_an_operation_written_more_than_once_the_least_record_counts()
    {
        var (operation, level) = (Operation(5), Operation(6));
        var plan = ReconciliationEngine.Plan(
            State(East) with { Operations = [new(operation, [new(0, East), new(2, South)]), new(level, [new(0, East), new(1, West)])] },
            State(West) with { Operations = [new(operation, [new(1, West)]), new(level, [new(0, East), new(1, West)])] });
        var merged = plan.Operations.Should().ContainSingle("both hold the other one whole").Subject;
        merged.Copies.Should().Equal(new OperationCopy(0, East), new OperationCopy(1, West), new OperationCopy(2, South));
        merged.Counts.Should().Be(new OperationCopy(0, East));
    }

    [Fact]
    public void Two_plans_of_one_reconciliation_tell_of_the_whole()
    {
        var first = ReconciliationEngine.Plan(State(East, Held(East, 9), Held(West, 2)), State(West, Held(East, 4), Held(West, 6)));
        var second = ReconciliationEngine.Plan(State(East, Held(East, 12), Held(West, 6)), State(West, Held(East, 7), Held(West, 6)));
        first.Then(second, 10).Origins.Should().Equal(
            new OriginMerge(East, 9, 4, 12, MergeMeans.Batches), new OriginMerge(West, 2, 6, 6, MergeMeans.Batches));
    }

    [Fact]
    public void A_plan_is_of_two_regions_and_one_shard()
    {
        FluentActions.Invoking(() => ReconciliationEngine.Plan(State(East), State(East))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => ReconciliationEngine.Plan(State(East), State(West) with { Shard = new ShardId(3) })).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_plan_prints_as_tables()
    {
        var plan = ReconciliationEngine.Plan(
            State(East, Held(East, 1204), Held(West, 400, 300)) with
            {
                Negatives = [new(Key("ana"), HardNegativeRegister.OfHide(At(5)))],
                Operations = [new(Operation(5), [new(0, East)])],
            },
            State(West, Held(East, 900), Held(West, 512, 450), Held(South, 7)) with
            {
                Negatives = [new(Key("ana"), HardNegativeRegister.OfUndo(At(9))), new(Key("東京\n"), HardNegativeRegister.OfHide(At(7)))],
                Operations = [new(Operation(5), [new(1, West)])],
                NegativesLeftOut = 312,
            });
        plan.ToText(new Topology(["us-east", "eu-west", "ap-south"], 1, 1)).Should().Be("""
            us-east and eu-west, shard 0, tenant 1
            written in  us-east holds  eu-west holds  to ship
            us-east     1,204          900            901 to 1,204 to eu-west as batches
            eu-west     400            512            401 to 512 to us-east as a snapshot
            ap-south    0              7              1 to 7 to us-east as batches

            user   hard negative   us-east knows                   eu-west knows                   resolves to
            ana    hide item song  hidden 2015-09-12 12:00:05.000  undone 2015-09-12 12:00:09.000  shown
            東京   hide item song  nothing                         hidden 2015-09-12 12:00:07.000  hidden

            written more than once    records                                     counts
            session 0.1, operation 5  attempt 0 in us-east, attempt 1 in eu-west  attempt 0 in us-east

            and 312 more, merged like these
            """.ReplaceLineEndings("\n"));
    }

    private static ReplicationState RandomState(DeterministicRandom random, RegionId region) => new()
    {
        Tenant = TenantId.First,
        Shard = default,
        Region = region,
        Origins = [.. new[] { East, West, South }.Where(_ => random.Chance(0.8)).Select(origin => Held(origin, (ulong)random.Next(9), (ulong)random.Next(9)))],
        Negatives = [.. Enumerable.Range(0, 4).Where(_ => random.Chance(0.5)).Select(user => new NegativeHolding(
            Key($"{user}"), new HardNegativeRegister(At(random.Next(3)), At(random.Next(3)))))],
        Operations = [.. Enumerable.Range(1, 4).Where(_ => random.Chance(0.5)).Select(number => new OperationHolding(
            Operation((ulong)number), [.. Enumerable.Range(0, 3).Where(_ => random.Chance(0.5)).Select(copy => new OperationCopy((byte)copy, new RegionId((ushort)random.Next(3))))]))],
        NegativesLeftOut = random.Next(2),
    };

    private static ReplicationState State(RegionId region, params OriginHolding[] origins) =>
        new() { Tenant = TenantId.First, Shard = default, Region = region, Origins = origins };

    private static OriginHolding Held(RegionId origin, ulong number, ulong oldest = 1) =>
        new(origin, new OriginMark(1, number, (uint)number * 7), oldest);

    private static NegativeKey Key(string user) =>
        new(new UserId(user), new HardNegativeTarget(TargetKind.Item, "song", NegativeKind.Hide));

    private static RecordIdentity Operation(ulong number) => new(new OperationId(new SessionId(East, 1), number), IdentityKind.Write);

    private static HlcTimestamp At(int seconds) => HlcTimestamp.FromUnixMilliseconds(DateTimeOffset.Parse("2015-09-12T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() + seconds * 1000);
}
