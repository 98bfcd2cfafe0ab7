using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Crdt;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>A state that was written and read back is the state; copies of a tenant that are made one are what all their records make.</summary>
public sealed class StateSnapshotTests
{
    [Fact]
    public void A_state_read_back_is_equal_to_the_bit_and_goes_on_the_same() =>
        SeededProperty.HoldsFor(random =>
        {
            var (history, lengths) = Random(random);
            var state = history.State(random, lengths);
            var copy = ReadBack(state);
            (copy.Digest(), copy.AppliedIndex, copy.HighestHlc).Should().Be((state.Digest(), state.AppliedIndex, state.HighestHlc));
            copy.ToCheckpoint().Should().Equal(state.ToCheckpoint());
            ReadsAreEqual(copy, state, random);
            var rest = history.Rest(lengths);
            TenantHistory.Take(copy, rest).Digest().Should().Be(TenantHistory.Take(state, rest).Digest());
            ReadsAreEqual(copy, state, random);
        }, cases: 150);

    [Fact]
    public void Every_operation_is_known_again_after_reading_back() =>
        SeededProperty.HoldsFor(random =>
        {
            var (history, lengths) = Random(random);
            var copy = ReadBack(history.State(random, lengths));
            TenantHistory.Take(copy, history.Rest(lengths));
            var whole = history.Replica(random, history.WholeLengths);
            for (ushort region = 0; region < TenantHistory.Regions; region++)
            {
                for (var number = 1UL; number <= 25; number++)
                {
                    var operation = new OperationId(new SessionId(new RegionId(region), 1), number);
                    copy.TenantOf(TenantId.First).OriginOf(new RegionId(region)).Operations.StandingOf(operation)
                        .Should().Be(whole.OriginOf(new RegionId(region)).Operations.StandingOf(operation));
                }
            }
            copy.TenantOf(TenantId.First).SignalRecords.Should().Be(whole.SignalRecords).And.Be(whole.State.SignalsMaterialized + whole.SignalsVoided);
        }, cases: 60);

    [Fact]
    public void The_merge_laws_hold_for_a_tenant() => MergeLaws.Hold<TenantReplica>(
        random =>
        {
            var history = new TenantHistory(random);
            return [.. Enumerable.Range(0, 4).Select(_ => history.Replica(random, history.RandomLengths(random)))];
        },
        (whole, part) => part.Origins.All(pair => whole.Origins[pair.Key].Mark.Number >= pair.Value.Mark.Number
            && whole.Origins[pair.Key].SignalRecords >= pair.Value.SignalRecords),
        cases: 60);

    [Fact]
    public void Merged_copies_of_a_tenant_are_what_a_replica_of_all_their_records_has() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new TenantHistory(random);
            var (one, other) = (history.RandomLengths(random), history.RandomLengths(random));
            var merged = history.Replica(random, one).Merge(Travelled(history.Replica(random, other)));
            var whole = history.Replica(random, [.. one.Zip(other, Math.Max)]);
            MergeLaws.Digest(merged).Should().Be(MergeLaws.Digest(whole));
            TenantHistory.Reads(merged, Ledger.Noon).Should().Equal(TenantHistory.Reads(whole, Ledger.Noon));
            merged.SignalRecords.Should().Be(whole.SignalRecords).And.Be(merged.State.SignalsMaterialized + merged.SignalsVoided);
        }, cases: 150);

    [Fact]
    public void Copies_with_retried_operations_and_ended_sessions_merge_into_what_all_their_records_make() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new AttemptHistory(random);
            var (one, other) = (history.RandomLengths(), history.RandomLengths());
            var merged = Attempted(history, one).Merge(Travelled(Attempted(history, other)));
            var whole = Attempted(history, [.. one.Zip(other, Math.Max)]);
            MergeLaws.Digest(merged).Should().Be(MergeLaws.Digest(whole));
            MergeLaws.Digest(Travelled(merged)).Should().Be(MergeLaws.Digest(whole));
            (merged.SignalRecords, merged.SignalsVoided).Should().Be((whole.SignalRecords, whole.SignalsVoided));
            TenantHistory.Reads(merged, Ledger.Noon).Should().Equal(TenantHistory.Reads(whole, Ledger.Noon));
        }, cases: 300);

    [Fact]
    public void The_merge_laws_hold_for_a_tenant_with_retried_operations_and_ended_sessions() => MergeLaws.Hold<TenantReplica>(
        random =>
        {
            var history = new AttemptHistory(random);
            return [.. Enumerable.Range(0, 4).Select(_ => Attempted(history, history.RandomLengths()))];
        },
        (whole, part) => part.Origins.All(pair => whole.Origins[pair.Key].Mark.Number >= pair.Value.Mark.Number),
        cases: 150);

    [Fact]
    public void What_users_have_seen_is_in_a_snapshot_and_joined()
    {
        var schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6), marksSeen: true).Build();
        TenantReplica Seeing(int region, string item)
        {
            var state = new ShardState(_ => schema);
            var signal = LogRecord.Signal(default, default, Ledger.Noon, new ItemId(item), Ledger.User, Ledger.View);
            var origin = new NodeId(new RegionId((ushort)region), default);
            return TenantHistory.Take(state, [BatchWriter.Encode(new BatchStart(TenantId.First, origin, default, 1, 1, 0, 0), [signal])]).TenantOf(TenantId.First);
        }
        var merged = Seeing(0, "a").Merge(TenantReplica.FromSnapshot(Seeing(1, "b").ToSnapshot(TenantId.First), TenantId.First, schema, static () => new(Members, [])));
        foreach (var item in new[] { "a", "b" })
            merged.State.HasSeen(Ledger.User, new ItemId(item)).Should().BeTrue();
        merged.State.HasSeen(Ledger.User, new ItemId("c")).Should().BeFalse();
    }

    [Fact]
    public void A_state_in_which_a_snapshot_is_arriving_is_read_back_with_it()
    {
        var random = new DeterministicRandom(3);
        var history = new TenantHistory(random);
        var chunks = Chunks(history.Replica(random, history.WholeLengths), id: 9, size: 100);
        var state = new ShardState(_ => Ledger.Schema);
        foreach (var chunk in chunks)
        {
            state = ReadBack(state);
            state.Apply(chunk, new HybridLogicalClock());
        }
        state.Digest().Should().Be(history.State(random, history.WholeLengths).Digest());
    }

    [Fact]
    public void A_newer_snapshot_takes_the_place_of_one_that_never_ended_and_copies_of_chunks_do_not_count()
    {
        var random = new DeterministicRandom(4);
        var history = new TenantHistory(random);
        var old = Chunks(history.Replica(random, history.RandomLengths(random)), id: 8, size: 500);
        var fresh = Chunks(history.Replica(random, history.WholeLengths), id: 9, size: 500);
        var state = new ShardState(_ => Ledger.Schema);
        TenantHistory.Apply(state, old.Take(2).Concat(fresh.Take(2)).Concat(old.Skip(2)).Concat(fresh.Take(3)).Concat(fresh.Skip(3)).Concat(fresh));
        state.Digest().Should().Be(history.State(random, history.WholeLengths).Digest());
    }

    [Fact]
    public void Batches_that_a_snapshot_holds_are_passed_over_wherever_they_stand() =>
        SeededProperty.HoldsFor(random =>
        {
            var history = new TenantHistory(random);
            var (held, sent) = (history.RandomLengths(random), history.RandomLengths(random));
            var log = history.Log(random, held);
            var snapshot = Chunks(history.Replica(random, sent), id: 9, size: 1 << 20);
            log.Insert(random.Next(log.Count + 1), snapshot[0]);
            var state = TenantHistory.Apply(new ShardState(_ => Ledger.Schema), log);
            state.Digest().Should().Be(history.State(random, [.. held.Zip(sent, Math.Max)]).Digest());
        }, cases: 150);

    [Fact]
    public void Another_history_under_the_same_number_is_not_merged()
    {
        var (random, other) = (new DeterministicRandom(5), new DeterministicRandom(6));
        var history = new TenantHistory(random);
        var state = history.State(random, history.WholeLengths);
        var digest = state.Digest();
        var foreign = new TenantHistory(other);
        state.Apply(Chunks(foreign.Replica(other, foreign.WholeLengths), id: 9, size: 1 << 20)[0], new HybridLogicalClock());
        state.Digest().Should().Be(digest);
    }

    [Fact]
    public void Bytes_that_are_no_snapshot_are_passed_over_and_the_next_one_counts()
    {
        var random = new DeterministicRandom(5);
        var history = new TenantHistory(random);
        var whole = history.Replica(random, history.WholeLengths);
        var state = new ShardState(_ => Ledger.Schema);
        var cut = whole.ToSnapshot(TenantId.First)[..^3];
        state.Apply(Envelope.Encode(EnvelopeKind.Control, 1, 1, 0, ControlRecord.ForSnapshot(TenantId.First, default, 5, 0, 1, cut).Encode()), new HybridLogicalClock());
        state.Tenants[TenantId.First].Origins.Should().BeEmpty();
        TenantHistory.Apply(state, Chunks(whole, id: 9, size: 1 << 20));
        state.Digest().Should().Be(history.State(random, history.WholeLengths).Digest());
    }

    private static readonly RegionId[] Members = [.. Enumerable.Range(0, AttemptHistory.Origins).Select(region => new RegionId((ushort)region))];

    private static (TenantHistory History, int[] Lengths) Random(DeterministicRandom random)
    {
        var history = new TenantHistory(random);
        return (history, history.RandomLengths(random));
    }

    private static ShardState ReadBack(ShardState state) => ShardState.FromCheckpoint(state.ToCheckpoint(), _ => Ledger.Schema);

    private static TenantReplica Travelled(TenantReplica replica) => TenantReplica.FromSnapshot(replica.ToSnapshot(TenantId.First), TenantId.First, Ledger.Schema, static () => new(Members, []));

    /// <summary>A replica that took so many records of each origin, each in a batch of its own, in some interleaving.</summary>
    private static TenantReplica Attempted(AttemptHistory history, int[] lengths)
    {
        var state = new ShardState(_ => Ledger.Schema, _ => new(Members, []));
        var crcs = new uint[AttemptHistory.Origins];
        foreach (var (origin, number, record) in history.Interleaved(lengths))
        {
            var batch = BatchWriter.Encode(new BatchStart(TenantId.First, new NodeId(origin, default), default, 1, number, 0, crcs[origin.Ordinal]), [record]);
            crcs[origin.Ordinal] = BatchHeader.Read(batch).Crc;
            TenantHistory.Take(state, [batch]);
        }
        return state.TenantOf(TenantId.First);
    }

    private static List<Envelope> Chunks(TenantReplica replica, ulong id, int size)
    {
        var pieces = replica.ToSnapshot(TenantId.First).Chunk(size).ToList();
        return [.. pieces.Select((piece, number) => Envelope.Encode(
            EnvelopeKind.Control, 1, (ulong)number + 1, 0,
            ControlRecord.ForSnapshot(TenantId.First, default, id, (uint)number, (uint)pieces.Count, piece).Encode()))];
    }

    // A read from the slack before the highest event time on: older slots may be dropped already.
    private static void ReadsAreEqual(ShardState one, ShardState other, DeterministicRandom random)
    {
        var time = Ledger.Noon - random.Next(0, 3_000_000) + random.Next(0, 20L * 86_400_000) * random.Next(2);
        TenantHistory.Reads(one.TenantOf(TenantId.First), time).Should().Equal(TenantHistory.Reads(other.TenantOf(TenantId.First), time));
    }
}
