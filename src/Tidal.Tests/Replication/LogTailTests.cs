using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Log;

namespace Tidal.Tests.Replication;

/// <summary>What a new primary makes of the tail that it took over (PROTOCOL 2).</summary>
public sealed class LogTailTests
{
    private static readonly TenantId Tenant = Samples.Start.Tenant;
    private readonly SegmentedLog _log = Samples.Open(new MemoryLogStore());
    private readonly HybridLogicalClock _clock = new();

    [Fact]
    public void An_operation_in_the_tail_is_found_until_it_is_committed()
    {
        Append(Samples.East, 1, Samples.Signal(1), Samples.Signal(2));
        var tail = Tail();
        tail.Find(Tenant, IdentityOf(2)).Should().NotBeNull();
        tail.Find(new TenantId(99), IdentityOf(2)).Should().BeNull();
        tail.Holds(Tenant, IdentityOf(2)).Should().BeTrue();
        tail.TakeCommitted(0).Should().BeNull();
        Committed(tail, 1).Should().Equal(IdentityOf(1), IdentityOf(2));
        tail.Find(Tenant, IdentityOf(2)).Should().BeNull();
        tail.TakeCommitted(1).Should().BeNull();
    }

    [Fact]
    public void Numbers_checksums_and_stamps_go_on_after_the_tail()
    {
        Append(Samples.West, 1, Samples.Signal(9));
        var header = Append(Samples.East, 7, Samples.Signal(1), Samples.Signal(2));
        var tail = Tail();
        tail.MarkOf(Tenant, Samples.East).Should().Be(new OriginMark(header.OriginEpoch, 8, header.Crc));
        tail.MarkOf(Tenant, Samples.West).Number.Should().Be(1);
        tail.MarkOf(Tenant, new RegionId(3)).Should().Be(default(OriginMark));
        _clock.Last.Should().Be(Samples.Signal(9).Hlc);
    }

    [Fact]
    public void An_operation_that_is_also_in_another_regions_log_is_taken_once()
    {
        Append(Samples.West, 1, Samples.Signal(1));
        Append(Samples.East, 1, Samples.Signal(1));
        Append(Samples.West, 2, Samples.Signal(2));
        var tail = Tail();
        tail.Find(Tenant, IdentityOf(2)).Should().BeNull("it is not this region's");
        Committed(tail, 3).Should().Equal(IdentityOf(1));
    }

    [Fact]
    public void A_record_that_another_region_shipped_is_found_until_it_is_committed()
    {
        Append(Samples.West, 1, Samples.Signal(1), Samples.Signal(2));
        Append(Samples.West, 3, Samples.Signal(3));
        var tail = Tail();
        var second = tail.FindShipped(Tenant, IdentityOf(2));
        tail.FindShipped(Tenant, IdentityOf(2)).Should().BeSameAs(second, "all who wait are told by one commit");
        tail.FindShipped(Tenant, IdentityOf(3)).Should().NotBeNull();
        tail.FindShipped(Tenant, IdentityOf(4)).Should().BeNull();
        tail.FindShipped(new TenantId(99), IdentityOf(2)).Should().BeNull();
        tail.TakeCommittedShipped(1).Should().ContainSingle().Which.Record.Should().BeSameAs(second);
        (tail.FindShipped(Tenant, IdentityOf(2)), tail.FindShipped(Tenant, IdentityOf(3))).Should().Match<(PendingRecord?, PendingRecord?)>(
            found => found.Item1 == null && found.Item2 != null);
    }

    [Fact]
    public void What_shares_an_operation_is_told_apart()
    {
        var signal = Samples.Signal(1);
        Append(Samples.East, 1, signal, LogRecord.Retraction(Samples.Hlc, signal, attempt: 1), Opened(Samples.East, 4),
            LogRecord.ForSession(new SessionId(Samples.East, 4), Samples.Hlc, Samples.Noon, SessionAction.End));
        var tail = Tail();
        tail.HoldsFirst(Tenant, signal.Identity).Should().BeTrue();
        var retraction = new RecordIdentity(signal.Operation, IdentityKind.Retraction);
        (tail.HoldsFirst(Tenant, retraction), tail.Holds(Tenant, retraction)).Should().Be((false, true));
        foreach (var kind in new[] { IdentityKind.Opening, IdentityKind.End })
            tail.Find(Tenant, new RecordIdentity(new OperationId(new SessionId(Samples.East, 4), 0), kind)).Should().NotBeNull();
        Committed(tail, 1).Should().HaveCount(4);
    }

    [Fact]
    public void Sessions_are_numbered_on_after_those_this_region_opened()
    {
        Append(Samples.West, 1, Opened(Samples.West, 50));
        Append(Samples.East, 1, Opened(Samples.East, 4), Opened(Samples.West, 60));
        Tail().HighestSession(Tenant).Should().Be(4);
    }

    /// <summary>PROTOCOL 8: own numbers go on after a snapshot, whatever stands behind it in the tail.</summary>
    [Fact]
    public void A_batch_behind_a_snapshot_that_holds_it_leads_no_mark_back()
    {
        Append(Samples.East, 7, Samples.Signal(1), Samples.Signal(2));
        var tail = Tail();
        var committed = new TenantReplica(Signals.Ledger.Schema, static () => SessionMembers.None);
        var snapshot = new BatchHeader { FirstNumber = 12, Count = 9, OriginEpoch = 3, Crc = 5 };
        committed.OriginOf(Samples.East).Add(snapshot, 9);
        tail.Raise(Tenant, committed);
        tail.MarkOf(Tenant, Samples.East).Should().Be(new OriginMark(3, 20, 5));

        tail.Appended(Append(Samples.East, 9, Samples.Signal(3)), 2);
        tail.AppendedShipped(Append(Samples.East, 10, Samples.Signal(4)), 3, _log.Read(_log.LastIndex).Payload);

        tail.MarkOf(Tenant, Samples.East).Number.Should().Be(20);
    }

    /// <summary>Takes out what is committed.</summary>
    private static List<RecordIdentity> Committed(LogTail tail, ulong index)
    {
        var committed = new List<RecordIdentity>();
        while (tail.TakeCommitted(index) is { } batch)
        {
            foreach (var record in batch.Records)
            {
                committed.Add(record.Identity);
                tail.Forget(batch.Tenant, record.Identity);
            }
            tail.Forget(batch);
        }
        return committed;
    }

    private static RecordIdentity IdentityOf(ulong number) => Samples.Signal(number).Identity;

    private static LogRecord Opened(RegionId region, ulong number) =>
        LogRecord.ForSession(new SessionId(region, number), Samples.Hlc, Samples.Noon, SessionAction.Open);

    // The tenant may come back while the same primary is in office: it then begins anew.
    [Fact]
    public void An_erase_in_the_tail_begins_the_tenants_log_anew()
    {
        Append(Samples.East, 1, Samples.Signal(1), LogRecord.Seal(HlcTimestamp.Zero, 0, tableVersion: 4, lastNumber: 1));
        Tail().StandingOf(Tenant).Should().Be(new OriginStanding(4, true));
        _log.Append(Envelope.Encode(EnvelopeKind.Control, 1, 2, 0, ControlRecord.ForErase(Tenant, 7).Encode()));
        var tail = Tail();
        tail.MarkOf(Tenant, Samples.East).Should().Be(default(OriginMark));
        (tail.ErasedBy(Tenant), tail.StandingOf(Tenant)).Should().Be((7UL, default(OriginStanding)));
    }

    /// <summary>The batch that it was to stand in was thrown away: the next one of the tenant has other records.</summary>
    [Fact]
    public void What_was_expected_before_an_erase_is_not_taken_for_a_part_of_the_next_batch()
    {
        var tail = Tail();
        tail.Expect(Tenant, Samples.Signal(1), new WriteTry(default, new WriteRequest { Try = 1, Tenant = Tenant, Epoch = 1, Records = RecordSelection.Of(Samples.Signal(1)) }));
        tail.Erase(Tenant, 7);
        tail.Expect(Tenant, Samples.Signal(2));
        tail.Appended(Append(Samples.East, 1, Samples.Signal(2)), 1);
        Committed(tail, 1).Should().Equal(IdentityOf(2));
        tail.Waiting.Should().ContainSingle("its outcome is unknown once the epoch ends");
    }

    private LogTail Tail() => new(Samples.East, new ShardState(_ => throw new InvalidOperationException("Nothing is committed.")), _log, _clock);

    private BatchHeader Append(RegionId origin, ulong firstNumber, params LogRecord[] records)
    {
        var start = Samples.Start with { Origin = new NodeId(origin, default), FirstNumber = firstNumber };
        var batch = BatchWriter.Encode(start, records);
        _log.Append(Envelope.Encode(EnvelopeKind.Batch, 1, _log.LastIndex + 1, 0, batch));
        return BatchHeader.Read(batch);
    }
}
