using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

public class ControlRecordTests
{
    public static TheoryData<ControlRecord> OneOfEachKind() =>
    [
        ControlRecord.ForEpoch(new ReplicaId(2)),
        ControlRecord.ForVoters(new(new ReplicaId(0), new StoreId(10)), new(new ReplicaId(1), new StoreId(ulong.MaxValue))),
        ControlRecord.ForFormat(3),
        ControlRecord.ForSnapshot(new TenantId(7), new RegionId(2), 77, 1, 3, new byte[] { 1, 2, 3 }),
        ControlRecord.ForSnapshot(new TenantId(7), new RegionId(2), 77, 0, 1, ReadOnlyMemory<byte>.Empty),
        ControlRecord.ForErase(new TenantId(7), 99),
    ];

    [Theory]
    [MemberData(nameof(OneOfEachKind))]
    public void Every_kind_comes_back_as_it_was_written(ControlRecord record) =>
        ControlRecord.Decode(record.Encode()).Should().Be(record);

    [Theory]
    [MemberData(nameof(OneOfEachKind))]
    public void One_cut_at_any_byte_is_refused_or_another_whole_one(ControlRecord record)
    {
        var bytes = record.Encode();
        var wholeFrom = record.Kind == ControlKind.Snapshot ? 23 : bytes.Length;
        for (var length = 0; length < wholeFrom; length++)
        {
            var decode = () => ControlRecord.Decode(bytes.AsMemory(0, length));
            decode.Should().Throw<LogFormatException>();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(255)]
    public void An_unknown_kind_is_refused(byte kind)
    {
        var decode = () => ControlRecord.Decode(new byte[] { kind, 1 });
        var error = decode.Should().Throw<UnsupportedFormatException>().Which;
        (error.What, error.Found).Should().Be(("control kind", kind));
        error.Known.Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public void What_is_outside_the_limits_is_neither_written_nor_read()
    {
        var none = () => ControlRecord.ForVoters().Encode();
        var many = () => ControlRecord.ForVoters(new Voter[17]).Encode();
        var chunk = () => ControlRecord.ForSnapshot(TenantId.First, default, 1, 3, 3, default).Encode();
        var large = () => ControlRecord.ForSnapshot(TenantId.First, default, 1, 0, 1, new byte[LogLimits.SnapshotChunkBytesMax + 1]).Encode();
        var unknown = () => new ControlRecord().Encode();
        foreach (var encode in new[] { none, many, chunk, large, unknown })
            encode.Should().Throw<InvalidRecordException>();
        var count = () => ControlRecord.Decode(new byte[] { 2, 255, 0 });
        count.Should().Throw<LogFormatException>();
    }

    [Fact]
    public void The_largest_chunk_fits_into_an_envelope()
    {
        var record = ControlRecord.ForSnapshot(TenantId.First, default, 1, 0, 1, new byte[LogLimits.SnapshotChunkBytesMax]);
        var envelope = Envelope.Encode(EnvelopeKind.Control, 1, 1, 0, record.Encode());
        ControlRecord.Decode(envelope.Payload).Should().Be(record);
    }
}
