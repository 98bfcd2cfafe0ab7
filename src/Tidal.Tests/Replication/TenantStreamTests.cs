using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>What is of one tenant never becomes another's, whatever a message says that it is.</summary>
public sealed class TenantStreamTests
{
    private static readonly TenantId Second = new(2);
    private static readonly TenantId Unknown = new(3);
    private static readonly RegionId One = new(1);

    private readonly ShardHarness _shard = new(regions: 2, tenants: 2);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(3, 1)]
    public void A_batch_in_a_message_of_another_tenant_is_refused(uint written, uint said)
    {
        Ship(BatchOf(new TenantId(written)), new TenantId(said), One);
        foreach (var tenant in new[] { TenantId.First, Second })
            MarkOf(tenant).Should().Be(default(OriginMark));
        if (written != said)
            Refusals.Should().Be(1, "whoever mixes up two logs is told");
        Ship(BatchOf(Second), Second, One);
        (MarkOf(TenantId.First).Number, MarkOf(Second).Number).Should().Be((0, 1));
    }

    [Fact]
    public void A_batch_in_a_message_of_another_origin_is_refused()
    {
        Ship(BatchOf(Second), Second, default);
        (MarkOf(Second).Number, Refusals).Should().Be((0, 1));
    }

    [Fact]
    public void A_snapshot_in_a_message_of_another_tenant_is_not_taken()
    {
        var copy = new TenantReplica(Ledger.Schema, () => new([default, One], []));
        copy.Apply(BatchHeader.Read(BatchOf(Second).Span), 1, Record);
        copy.OriginOf(One).Add(BatchHeader.Read(BatchOf(Second).Span), 1, isToldApart: false);
        Send(TenantId.First, copy.ToSnapshot(Second), id: 1);
        (MarkOf(TenantId.First).Number, MarkOf(Second).Number).Should().Be((0, 0));
        Send(Unknown, copy.ToSnapshot(Second), id: 2);
        Send(Second, copy.ToSnapshot(Second), id: 3);
        (MarkOf(TenantId.First).Number, MarkOf(Second).Number).Should().Be((0, 1));
    }

    [Fact]
    public void A_session_of_another_tenant_writes_nothing_and_is_taken_for_nobody_else()
    {
        var first = Open(TenantId.First);
        var second = Open(Second);
        (first.IsOf(TenantId.First), first.IsOf(Second), second.IsOf(TenantId.First), second.IsOf(Second)).Should().Be((true, false, false, true));
        Write(TenantId.First, first).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        Write(Second, second).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        Write(Second, first).Refusal.Should().Be(RefusalReason.SessionOfAnotherTenant);
        Write(TenantId.First, second).Refusal.Should().Be(RefusalReason.SessionOfAnotherTenant);
        End(Second, first).Refusal.Should().Be(RefusalReason.SessionOfAnotherTenant);
        Write(TenantId.First, first, number: 2).Outcome.Should().Be(WriteOutcomeKind.Acknowledged, "nobody has ended it");
    }

    [Fact]
    public void An_operation_of_another_tenant_cannot_be_taken_back()
    {
        var first = Open(TenantId.First);
        Write(TenantId.First, first).Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        var retraction = LogRecord.Retraction(default, Signal(first, 1));
        Write(Second, retraction).Refusal.Should().Be(RefusalReason.SessionOfAnotherTenant);
        Write(Second, retraction with { Retracts = new OperationId(Open(Second), 1) }).Refusal.Should().Be(RefusalReason.UnknownOperation);
        _shard[0].State.TenantOf(TenantId.First).State.ReadCount(ShardHarness.TheItem, Ledger.View, CohortScope.Everyone, CountWindow.All, 0).Should().Be(1);
    }

    [Fact]
    public void Sessions_of_each_tenant_are_dense_and_apart()
    {
        var numbers = Enumerable.Range(0, 3).Select(_ => (Open(TenantId.First).Number, Open(Second).Number)).ToList();
        numbers.Should().Equal((1, (1UL << 40) + 1), (2, (1UL << 40) + 2), (3, (1UL << 40) + 3));
        new SessionId(One, (1UL << 40) + 2).ToString().Should().Be("session 1.2 of tenant 2");
        new SessionId(One, 2).ToString().Should().Be("session 1.2");
    }

    private int Refusals => _shard.Events.Count(happened => happened.Event.Kind == ReplicaEventKind.BatchRefused);

    private static LogRecord Record =>
        LogRecord.Signal(new OperationId(new SessionId(One, 1), 1), new HlcTimestamp(1), 0, ShardHarness.TheItem, Ledger.User, Ledger.View, cohorts: []);

    private static ReadOnlyMemory<byte> BatchOf(TenantId tenant) =>
        BatchWriter.Encode(new BatchStart(tenant, new NodeId(One, default), default, 1, 1, 0, 0), [Record]);

    private OriginMark MarkOf(TenantId tenant) => _shard[0].State.TenantOf(tenant).OriginOf(One).Mark;

    private void Ship(ReadOnlyMemory<byte> batch, TenantId said, RegionId origin) => _shard.Deliver(
        new Address(One, default, default), _shard[0].Self, new ShipBatches { Tenant = said, Origin = origin, Batches = [batch] });

    private void Send(TenantId said, byte[] snapshot, ulong id) => _shard.Deliver(
        new Address(One, default, default), _shard[0].Self,
        new ShipSnapshot { Tenant = said, Id = id, Number = 0, Count = 1, Bytes = snapshot, Crc = Crc32C.Of(snapshot) });

    private SessionId Open(TenantId tenant) => Write(tenant, LogRecord.ForSession(default, default, 0, SessionAction.Open)).Session;

    private WriteResult End(TenantId tenant, SessionId session) => Write(tenant, LogRecord.ForSession(session, default, 0, SessionAction.End));

    private WriteResult Write(TenantId tenant, SessionId session, ulong number = 1) => Write(tenant, Signal(session, number));

    private LogRecord Signal(SessionId session, ulong number) => _shard.Signal(number) with { Operation = new OperationId(session, number) };

    private WriteResult Write(TenantId tenant, LogRecord record)
    {
        var made = _shard.RequestFor(record, _shard[0], tenant);
        _shard.Write(made, _shard[0].Self);
        return _shard.ResultOf(made.Try)!;
    }
}
