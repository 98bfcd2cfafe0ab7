using System.Buffers.Binary;
using Tidal.Log;

namespace Tidal.Tests.Log;

public class EnvelopeTests
{
    private static readonly byte[] Payload = Samples.Batch(Samples.Signal());

    [Fact]
    public void An_envelope_says_where_it_belongs_and_holds_its_payload_unchanged()
    {
        var envelope = Envelope.Open(Envelope.Encode(EnvelopeKind.Batch, 9, 42, 40, Payload).Bytes);
        (envelope.Kind, envelope.GroupEpoch, envelope.Index, envelope.CommitIndex).Should().Be((EnvelopeKind.Batch, 9UL, 42UL, 40UL));
        envelope.Payload.ToArray().Should().Equal(Payload);
    }

    [Fact]
    public void Envelopes_back_to_back_are_read_one_after_another()
    {
        ReadOnlyMemory<byte> bytes = (byte[])[.. Samples.Envelope(1).Bytes.Span, .. Samples.Envelope(2).Bytes.Span];
        Envelope.TryRead(bytes, out var first).Should().BeTrue();
        Envelope.TryRead(bytes[first.Length..], out var second).Should().BeTrue();
        (first, second).Should().Be((Samples.Envelope(1), Samples.Envelope(2)));
        Envelope.TryRead(bytes[(first.Length + second.Length)..], out _).Should().BeFalse();
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var bytes = Samples.Envelope(3).Bytes.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var open = () => Envelope.Open(bytes);
            open.Should().Throw<LogFormatException>($"bit {bit} is flipped");
            Envelope.TryRead(bytes, out _).Should().BeFalse();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void An_envelope_cut_at_any_byte_or_with_a_byte_too_many_is_refused()
    {
        var bytes = Samples.Envelope(3).Bytes;
        for (var length = 0; length < bytes.Length; length++)
        {
            var open = () => Envelope.Open(bytes[..length]);
            open.Should().Throw<LogFormatException>();
        }
        var longer = () => Envelope.Open((byte[])[.. bytes.Span, 0]);
        longer.Should().Throw<LogFormatException>().Which.Offset.Should().Be(bytes.Length);
    }

    [Theory]
    [InlineData(4, 2, "envelope version")]
    [InlineData(5, 3, "envelope kind")]
    [InlineData(7, 1, "envelope flags")]
    public void What_is_whole_but_unknown_is_refused_by_its_name(int offset, byte value, string what)
    {
        var bytes = Samples.Envelope(3).Bytes.ToArray();
        bytes[offset] = value;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36), Crc32C.Of(bytes.AsSpan(0, 36), bytes.AsSpan(40)));
        var open = () => Envelope.Open(bytes);
        var read = () => Envelope.TryRead(bytes, out _);
        open.Should().Throw<UnsupportedFormatException>().Which.What.Should().Be(what);
        read.Should().Throw<UnsupportedFormatException>();
    }

    [Fact]
    public void What_cannot_stand_in_a_log_is_not_written()
    {
        var zero = () => Envelope.Encode(EnvelopeKind.Batch, 1, 0, 0, Payload);
        var kind = () => Envelope.Encode((EnvelopeKind)3, 1, 1, 0, Payload);
        var large = () => Envelope.Encode(EnvelopeKind.Batch, 1, 1, 0, new byte[LogLimits.EnvelopePayloadBytesMax + 1]);
        zero.Should().Throw<InvalidRecordException>();
        kind.Should().Throw<InvalidRecordException>();
        large.Should().Throw<InvalidRecordException>();
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404)]
    public void The_checksum_is_CRC_32C(string text, uint crc)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Crc32C.Of(bytes).Should().Be(crc);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Crc32C.Of(bytes.AsSpan(0, cut), bytes.AsSpan(cut)).Should().Be(crc);
    }
}
