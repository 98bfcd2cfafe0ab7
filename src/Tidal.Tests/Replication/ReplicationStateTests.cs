using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>What a region tells another of itself: no more than the other needs, and whole where it tells.</summary>
public sealed class ReplicationStateTests
{
    private static readonly RegionId Origin = new(0);

    private readonly ShardHarness _shard;
    private uint _crc;
    private ulong _number;

    public ReplicationStateTests()
    {
        _shard = new ShardHarness(regions: 2, options: new ReplicationOptions { ReconcileEntriesMax = 2 }) { Loses = static letter => letter.From.Region != letter.To.Region };
        _shard.Run(2000);
    }

    [Fact]
    public void It_names_the_hard_negatives_that_are_touched_beyond_the_others_mark_with_their_whole_registers()
    {
        Ship(Hide("ana", 5));
        Ship(Hide("ben", 5));
        Ship(Undo("ana", 9));
        Beyond(2).Negatives.Should().Equal(new NegativeHolding(Key("ana"), new HardNegativeRegister(At(5), At(9))));
        Beyond(1).Negatives.Select(negative => negative.Key).Should().Equal(Key("ana"), Key("ben"));
        Beyond(3).Negatives.Should().BeEmpty();
    }

    [Fact]
    public void Of_a_batch_only_the_records_beyond_the_mark_count()
    {
        Ship(Hide("ana", 5), Hide("ben", 5));
        Beyond(1).Negatives.Select(negative => negative.Key).Should().Equal(Key("ben"));
    }

    [Fact]
    public void It_adds_what_it_knows_of_those_that_the_other_names()
    {
        Ship(Hide("ben", 5));
        var other = Marks(1) with { Negatives = [new(Key("ana"), HardNegativeRegister.OfHide(At(1))), new(Key("ben"), default)] };
        _shard[1].StateBeyond(other).Negatives.Should().Equal(
            new NegativeHolding(Key("ana"), default), new NegativeHolding(Key("ben"), HardNegativeRegister.OfHide(At(5))));
        var told = Beyond(0);
        _shard[1].StateCompleted(told, other).Negatives.Should().HaveCount(2).And.Contain(told.Negatives);
    }

    [Fact]
    public void What_there_is_no_room_for_is_counted()
    {
        foreach (var user in new[] { "e", "d", "c", "b", "a" })
            Ship(Hide(user, 5));
        var state = Beyond(0);
        state.Negatives.Select(negative => negative.Key.User.Value).Should().Equal("a", "b");
        state.NegativesLeftOut.Should().Be(3);
        var plan = ReconciliationEngine.Plan(state, _shard[0].StateOfMarks(TenantId.First));
        (plan.LeftOut, plan.RecordsFor(Origin)).Should().Be((3, 5UL));
    }

    [Fact]
    public void Later_attempts_are_named_with_all_copies_known()
    {
        _shard.Write(7, region: 1);
        Ship(_shard.Signal(8, region: 1) with { Attempt = 1 }, _shard.Signal(7, region: 1) with { Attempt = 1 });
        Beyond(1).Operations.Should().ContainSingle().Which.Copies.Should().Equal(new OperationCopy(0, new RegionId(1)), new OperationCopy(1, Origin));
        Beyond(2).Operations.Should().BeEmpty();
    }

    [Fact]
    public void Of_an_operation_that_the_other_names_it_tells_what_it_still_knows()
    {
        Ship(_shard.Signal(7, region: 1) with { Attempt = 2 });
        var named = Marks(1) with { Operations = [new(_shard.Signal(7, region: 1).Identity, [])] };
        _shard[1].StateBeyond(named).Operations[0].Copies.Should().Equal(new OperationCopy(2, Origin));
    }

    [Fact]
    public void A_first_attempt_that_voids_a_later_one_is_named()
    {
        var operation = _shard.Signal(7, region: 1);
        _shard.Write(operation with { Attempt = 1, Operation = operation.Operation }, _shard.Primary(1));
        Ship(operation);
        var holdsLater = Marks(0) with { Origins = [new OriginHolding(new RegionId(1), new OriginMark(1, 1, 0), 1)] };
        _shard[1].StateBeyond(holdsLater).Operations.Should().ContainSingle().Which.Copies.Should().Equal(
            new OperationCopy(0, Origin), new OperationCopy(OperationCopy.SomeLaterAttempt, new RegionId(1)));
    }

    private ReplicationState Beyond(ulong number) => _shard[1].StateBeyond(Marks(number));

    private static ReplicationState Marks(ulong number) => new()
    {
        Tenant = TenantId.First,
        Shard = default,
        Region = Origin,
        Origins = [new OriginHolding(Origin, new OriginMark(1, number, 0), 1)],
    };

    private void Ship(params LogRecord[] records)
    {
        var batch = BatchWriter.Encode(new BatchStart(TenantId.First, new NodeId(Origin, default), default, 1, _number + 1, 0, _crc), records);
        (_crc, _number) = (BatchHeader.Read(batch).Crc, _number + (ulong)records.Length);
        _shard.Ship(0, 1, batch);
        _shard.MarkIn(_shard[1]).Number.Should().Be(_number);
    }

    private static LogRecord Hide(string user, int seconds) => Negative(user, seconds, isUndo: false);

    private static LogRecord Undo(string user, int seconds) => Negative(user, seconds, isUndo: true);

    private static LogRecord Negative(string user, int seconds, bool isUndo) => LogRecord.HardNegative(
        default, At(seconds), 0, new UserId(user), "song", TargetKind.Item, NegativeKind.Hide, isUndo);

    private static NegativeKey Key(string user) => new(new UserId(user), new(TargetKind.Item, "song", NegativeKind.Hide));

    private static HlcTimestamp At(int seconds) => HlcTimestamp.FromUnixMilliseconds(seconds * 1000);
}
