using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Tests.Crdt;

public sealed class StateReaderTests
{
    private static readonly OperationId Operation = new(new SessionId(new RegionId(2), 7), 9);

    [Fact]
    public void What_was_written_is_read_back()
    {
        var reader = new StateReader(Written());

        reader.ReadInt64().Should().Be(-3);
        reader.ReadUInt64().Should().Be(ulong.MaxValue);
        reader.ReadDouble().Should().Be(0.1);
        reader.ReadString().Should().Be("en:Jeremy Corbyn");
        reader.ReadStamp().Should().Be((new HlcTimestamp(77), new NodeId(new RegionId(1), new ReplicaId(2))));
        reader.ReadOperation().Should().Be(Operation);
        reader.MustBeAtEnd();
    }

    [Fact]
    public void Bytes_that_end_too_early_are_refused_with_the_offset()
    {
        var reader = new StateReader(Written().AsMemory(0, 20));
        reader.ReadInt64();
        reader.ReadInt64();

        reader.Invoking(cut => cut.ReadDouble()).Should().Throw<SnapshotDamagedException>()
            .WithMessage("*offset 16*8 bytes were expected, and 4 are left*");
    }

    [Fact]
    public void A_number_out_of_range_is_refused()
    {
        var reader = new StateReader(Written());

        reader.Invoking(off => off.ReadInt32(0, 10)).Should().Throw<SnapshotDamagedException>().Which.Offset.Should().Be(0);
    }

    [Fact]
    public void What_is_left_over_is_refused()
    {
        var reader = new StateReader(Written());
        reader.ReadInt64();

        reader.Invoking(rest => rest.MustBeAtEnd()).Should().Throw<SnapshotDamagedException>();
    }

    [Fact]
    public void A_long_state_is_written_whole()
    {
        var writer = new SnapshotWriter();
        for (var number = 0L; number < 100_000; number++)
            writer.Add(number);
        var reader = new StateReader(writer.ToBytes());

        Enumerable.Range(0, 100_000).Should().OnlyContain(number => reader.ReadInt64() == number);
        reader.IsAtEnd.Should().BeTrue();
    }

    private static byte[] Written()
    {
        var writer = new SnapshotWriter();
        writer.Add(-3);
        writer.Add(ulong.MaxValue);
        writer.Add(0.1);
        writer.Add("en:Jeremy Corbyn");
        writer.Add(new HlcTimestamp(77), new NodeId(new RegionId(1), new ReplicaId(2)));
        writer.Add(Operation);
        return writer.ToBytes();
    }
}
