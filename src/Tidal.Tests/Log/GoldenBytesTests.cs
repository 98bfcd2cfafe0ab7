using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

/// <summary>
/// The format, byte for byte, as other programs and older logs have it. A change here is a change of the format: it needs a new
/// version, not new vectors.
/// </summary>
public class GoldenBytesTests
{
    [Fact]
    public void A_batch_is_a_header_of_64_bytes_and_its_records()
    {
        var batch = Hex(Samples.Batch(Samples.Signal()));
        batch[..128].Should().Be("5449444C 0200 00 02 07000000 0100 0500 0300000000000000 E803000000000000 01000000 28000000 0068E5CF8B010000 00000068E5CF8B01 BEBAFECA 68F91480".Replace(" ", ""));
        batch[128..].Should().Be("AAA84601AB0211656E3A4A6572656D7920436F7262796E210C757365722D30303030303432086465");
    }

    [Fact]
    public void A_second_signal_of_a_session_does_not_repeat_it() =>
        Hex(Samples.Batch(Samples.Signal(1), Samples.Signal(2)))[208..].Should().Be("BA02AB0211656E3A4A6572656D7920436F7262796E210C757365722D30303030303432086465");

    [Theory]
    [InlineData(0, "EF03A8460101AB02AC0211656E3A4A6572656D7920436F7262796E210C757365722D30303030303432000000000000E03F086465")]
    [InlineData(1, "6209A84602AB02A8460101AC0211656E3A4A6572656D7920436F7262796E210C757365722D30303030303432000000000000E03F01086465")]
    [InlineData(2, "23A84603000E01750163")]
    [InlineData(3, "640401020400020169020763726561746F72047A6FC3AB0374616700")]
    [InlineData(4, "25A8460500017501066C6F63616C65026465")]
    [InlineData(5, "26A846000002")]
    [InlineData(6, "6704000000000C01")]
    [InlineData(7, "6804000000000DEE07")]
    public void A_record_of_each_kind(int which, string hex)
    {
        var record = Samples.OneOfEachKind()[which];
        var batch = Samples.Batch(record);
        Hex(batch.AsSpan(64)).Should().Be(hex);
        Samples.ReadAll(batch).Should().Equal(record);
    }

    [Fact]
    public void In_version_3_a_string_is_spelt_out_once()
    {
        var batch = Hex(Samples.Batch3(Samples.Signal(1), Samples.Signal(2), Samples.Signal(3, user: "x")));
        batch[..128].Should().Be("5449444C 0300 00 02 07000000 0100 0500 0300000000000000 E803000000000000 03000000 37000000 0068E5CF8B010000 00000068E5CF8B01 BEBAFECA 9E06280A".Replace(" ", ""));
        batch[128..].Should().Be("AAA84601AB02 22656E3A4A6572656D7920436F7262796E21 18757365722D30303030303432 106465 BA02AB02 01 03 11 BA03AB02 01 0278 11".Replace(" ", ""));
    }

    [Fact]
    public void An_envelope_is_a_header_of_40_bytes_and_its_payload()
    {
        var envelope = Envelope.Encode(EnvelopeKind.Control, 3, 42, 41, ControlRecord.ForEpoch(new ReplicaId(2)).Encode());
        Hex(envelope.Bytes.Span).Should().Be(
            "54454E56 01 02 0000 0300000000000000 2A00000000000000 2900000000000000 02000000 7E2FCA71 0102".Replace(" ", ""));
    }

    [Theory]
    [InlineData(0, "0102")]
    [InlineData(1, "0202000A0000000000000001FFFFFFFFFFFFFFFF")]
    [InlineData(2, "030300")]
    [InlineData(3, "040700000002004D000000000000000100000003000000010203")]
    [InlineData(4, "040700000002004D000000000000000000000001000000")]
    [InlineData(5, "05070000006300000000000000")]
    public void A_control_record_of_each_kind(int which, string hex) =>
        Hex(ControlRecordTests.OneOfEachKind().Cast<ControlRecord>().ElementAt(which).Encode()).Should().Be(hex);

    [Fact]
    public void A_segment_is_a_header_of_32_bytes_and_its_envelopes()
    {
        var store = Samples.LogOf(1);
        Hex(Samples.BytesOf(store, "r001-s0005-00000000000000000001.log")).Should().EndWith(Hex(Samples.Envelope(1).Bytes.Span)).And.HaveLength(2 * (32 + Samples.Envelope(1).Length));
        var header = new byte[SegmentHeader.Size];
        new SegmentHeader(new SegmentName(Samples.East, Samples.Shard, 42), 3).Write(header);
        Hex(header).Should().Be("54534547 0100 0100 0500 0000 2A00000000000000 0300000000000000 E56F3C99".Replace(" ", ""));
    }

    [Fact]
    public void A_hard_state_is_48_bytes()
    {
        var store = new MemoryLogStore();
        new HardStateJournal(store).Write(new HardState(new StoreId(77), 5, new ReplicaId(1), 9));
        Hex(Samples.BytesOf(store, "hard-state-1")).Should().Be(
            "54485354 01 01 01 00 0100000000000000 4D00000000000000 0500000000000000 0900000000000000 00000000 98107456".Replace(" ", ""));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
