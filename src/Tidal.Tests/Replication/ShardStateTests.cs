using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>The state of a shard is a function of the origin logs held: not of their interleaving, and of every bit in them.</summary>
public sealed class ShardStateTests
{
    [Fact]
    public void Replicas_that_hold_the_same_origin_logs_are_equal_to_the_bit() =>
        SeededProperty.HoldsFor(random =>
        {
            var logs = RandomLogs(random).Select((log, region) => OriginBatches.Encode(random, region, log)).ToList();
            var (one, other) = (Apply(OriginBatches.Interleave(random, logs)), Apply(OriginBatches.Interleave(random, logs)));
            other.Digest().Should().Be(one.Digest());
            var (left, right) = (one.TenantOf(TenantId.First), other.TenantOf(TenantId.First));
            left.Origins.Select(pair => pair.Value.Mark).Should().Equal(right.Origins.Select(pair => pair.Value.Mark));
            foreach (var item in left.State.Items)
            {
                var score = left.State.ReadDecayScore(item.Item, Ledger.View, CohortScope.Everyone, Ledger.Noon);
                BitConverter.DoubleToInt64Bits(right.State.ReadDecayScore(item.Item, Ledger.View, CohortScope.Everyone, Ledger.Noon))
                    .Should().Be(BitConverter.DoubleToInt64Bits(score));
            }
        }, cases: 60);

    [Fact]
    public void A_change_of_any_record_changes_the_digest() =>
        SeededProperty.HoldsFor(random =>
        {
            var logs = RandomLogs(random);
            var changed = logs.Select(log => log.ToArray()).ToArray();
            var (region, place) = (random.Next(3), random.Next(20));
            changed[region][place] = Change(random, changed[region][place]);
            var seed = random.NextBits();
            DigestOf(changed, seed).Should().NotBe(DigestOf(logs, seed));
        }, cases: 60);

    [Fact]
    public void A_prefix_of_the_logs_has_another_digest()
    {
        var random = new DeterministicRandom(5);
        var envelopes = OriginBatches.Interleave(random, [OriginBatches.Encode(random, 0, RandomRecords.Make(random, 0, 30))]);
        var state = new ShardState(_ => Ledger.Schema);
        var digests = envelopes.Where(envelope => envelope.Kind == EnvelopeKind.Batch).Select(envelope =>
        {
            state.Apply(envelope, new HybridLogicalClock());
            return state.Digest();
        }).ToList();
        digests.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void What_was_only_asked_for_does_not_show()
    {
        var state = new ShardState(_ => Ledger.Schema);
        var digest = state.Digest();
        state.TenantOf(TenantId.First).OriginOf(new RegionId(2)).Mark.Should().Be(default(OriginMark));
        state.Digest().Should().Be(digest);
        state.AppliedIndex.Should().Be(0);
    }

    [Fact]
    public void Applying_counts_signals_remembers_operations_and_advances_the_clock()
    {
        var random = new DeterministicRandom(11);
        var records = RandomRecords.Make(random, 1, 40);
        var clock = new HybridLogicalClock();
        var envelopes = OriginBatches.Interleave(random, [[], OriginBatches.Encode(random, 1, records)]);
        var state = new ShardState(_ => Ledger.Schema);
        var headers = envelopes.Select(envelope => state.Apply(envelope, clock)).ToList();
        headers.Select(header => header is null).Should().Equal(envelopes.Select(envelope => envelope.Kind == EnvelopeKind.Control));
        var tenant = state.TenantOf(TenantId.First);
        tenant.SignalRecords.Should().Be(records.Count(record => record.Kind == RecordKind.Signal));
        tenant.State.SignalsMaterialized.Should().Be(tenant.SignalRecords);
        records.Where(record => !record.Operation.IsNone).Should().OnlyContain(record =>
            tenant.Origins[new RegionId(1)].Operations.StandingOf(record.Operation) == OperationStanding.Held);
        clock.Last.Should().Be(records.Max(record => record.Hlc));
        state.AppliedIndex.Should().Be((ulong)envelopes.Count);
    }

    [Fact]
    public void A_session_counts_where_it_was_opened_though_it_may_end_elsewhere()
    {
        var opened = new SessionId(new RegionId(0), 500);
        LogRecord[] log = [LogRecord.ForSession(opened, HlcTimestamp.Zero, 0, SessionAction.End)];
        var tenant = Apply(OriginBatches.Interleave(new DeterministicRandom(1), [[], OriginBatches.Encode(new DeterministicRandom(1), 1, log)]))
            .TenantOf(TenantId.First);
        tenant.HighestSession(new RegionId(1)).Should().Be(0, "region 1 has opened none: its numbers stay dense");
        tenant.HighestSession(new RegionId(0)).Should().Be(500);
    }

    [Fact]
    public void Tenants_are_kept_apart()
    {
        var signal = LogRecord.Signal(default, HlcTimestamp.Zero, Ledger.Noon, new ItemId("a"), Ledger.User, Ledger.View);
        var state = new ShardState(_ => Ledger.Schema);
        for (var tenant = 1u; tenant <= 2; tenant++)
        {
            var batch = BatchWriter.Encode(new BatchStart(new TenantId(tenant), default, default, 1, 1, 0, 0), [signal]);
            state.Apply(Envelope.Encode(EnvelopeKind.Batch, 1, tenant, 0, batch), new HybridLogicalClock());
            state.Tenants.Should().HaveCount((int)tenant);
        }
        state.TenantOf(new TenantId(2)).State.ReadCount(new ItemId("a"), Ledger.View, CohortScope.Everyone, CountWindow.All, 0).Should().Be(1);
    }

    private static LogRecord[][] RandomLogs(DeterministicRandom random) =>
        [.. Enumerable.Range(0, 3).Select(region => RandomRecords.Make(random, region, 20))];

    private static string DigestOf(LogRecord[][] logs, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        return Apply(OriginBatches.Interleave(random, [.. logs.Select((log, region) => OriginBatches.Encode(random, region, log))])).Digest();
    }

    private static ShardState Apply(List<Envelope> envelopes)
    {
        var (state, clock) = (new ShardState(_ => Ledger.Schema), new HybridLogicalClock());
        foreach (var envelope in envelopes)
            state.Apply(envelope, clock);
        return state;
    }

    private static LogRecord Change(DeterministicRandom random, LogRecord record) => (random.Next(4), record.Kind) switch
    {
        (0, RecordKind.Signal) => record with { Weight = Math.BitIncrement(record.Weight) },
        (1, RecordKind.Signal) => record with { User = new UserId(record.User.Value + "'") },
        (2, _) => record with { Hlc = new HlcTimestamp(record.Hlc.Packed + 1) },
        _ => record with { EventTimeMilliseconds = record.EventTimeMilliseconds + 1 },
    };
}
