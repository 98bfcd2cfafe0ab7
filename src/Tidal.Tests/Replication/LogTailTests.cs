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
        var operation = Samples.Signal(2).Operation;
        tail.Find(Tenant, operation).Should().NotBeNull();
        tail.Find(new TenantId(99), operation).Should().BeNull();
        tail.TryTakeCommitted(0, out _, out _).Should().BeFalse();
        tail.TryTakeCommitted(1, out var first, out _).Should().BeTrue();
        (first.Operation, first.Number).Should().Be((Samples.Signal(1).Operation, 2UL), "the batch goes so far");
        tail.TryTakeCommitted(1, out _, out _).Should().BeTrue();
        tail.Find(Tenant, operation).Should().BeNull();
        tail.TryTakeCommitted(1, out _, out _).Should().BeFalse();
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
        tail.Find(Tenant, Samples.Signal(2).Operation).Should().BeNull("it is not this region's");
        tail.TryTakeCommitted(3, out var operation, out var pending).Should().BeTrue();
        operation.Operation.Should().Be(Samples.Signal(1).Operation);
        pending.Should().NotBeNull();
        tail.TryTakeCommitted(3, out _, out _).Should().BeFalse();
    }

    [Fact]
    public void All_who_wait_for_a_sessions_record_are_told_by_its_first_commit()
    {
        var end = LogRecord.ForSession(Samples.Session, Samples.Hlc, Samples.Noon, SessionAction.End);
        var tail = Tail();
        foreach (var index in new[] { 1UL, 2UL })
        {
            tail.Expect(Tenant, end).Waiting.Add((default, index));
            tail.Appended(BatchHeader.Read(Samples.Batch(end)), index, [end.Operation]);
        }
        tail.TryTakeCommitted(2, out _, out var pending).Should().BeTrue();
        pending!.Waiting.Select(waiting => waiting.Try).Should().Equal(1, 2);
        tail.TryTakeCommitted(2, out _, out _).Should().BeFalse();
    }

    [Fact]
    public void Sessions_are_numbered_on_after_those_this_region_opened()
    {
        Append(Samples.West, 1, Opened(Samples.West, 50));
        Append(Samples.East, 1, Opened(Samples.East, 4), Opened(Samples.West, 60));
        Tail().HighestSession(Tenant).Should().Be(4);
    }

    private static LogRecord Opened(RegionId region, ulong number) =>
        LogRecord.ForSession(new SessionId(region, number), Samples.Hlc, Samples.Noon, SessionAction.Open);

    private LogTail Tail() => new(Samples.East, new ShardState(_ => throw new InvalidOperationException("Nothing is committed.")), _log, _clock);

    private BatchHeader Append(RegionId origin, ulong firstNumber, params LogRecord[] records)
    {
        var start = Samples.Start with { Origin = new NodeId(origin, default), FirstNumber = firstNumber };
        var batch = BatchWriter.Encode(start, records);
        _log.Append(Envelope.Encode(EnvelopeKind.Batch, 1, _log.LastIndex + 1, 0, batch));
        return BatchHeader.Read(batch);
    }
}
