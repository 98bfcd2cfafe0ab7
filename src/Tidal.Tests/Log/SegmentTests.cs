using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

public class SegmentTests
{
    private static readonly SegmentName Name = new(new RegionId(1), new ShardId(5), 42);

    [Theory]
    [InlineData(1, 5, 42, "r001-s0005-00000000000000000042.log")]
    [InlineData(65535, 65535, ulong.MaxValue, "r65535-s65535-18446744073709551615.log")]
    public void A_name_says_region_shard_and_first_index(ushort region, ushort shard, ulong index, string text)
    {
        var name = new SegmentName(new RegionId(region), new ShardId(shard), index);
        name.ToString().Should().Be(text);
        SegmentName.Parse(text).Should().Be(name);
    }

    [Theory]
    [InlineData(".log")]
    [InlineData("hard-state-1")]
    [InlineData("r001-s0005-00000000000000000042")]
    [InlineData("r1-s5-42.log")]
    [InlineData("r001-s0005-00000000000000000000.log")]
    [InlineData("r001-s0005-99999999999999999999.log")]
    [InlineData("r99999-s0005-00000000000000000042.log")]
    [InlineData("s001-r0005-00000000000000000042.log")]
    [InlineData("r001-s0005-00000000000000000042-1.log")]
    [InlineData("r001-s0005-+0000000000000000042.log")]
    public void Another_name_is_refused(string text)
    {
        SegmentName.TryParse(text, out _).Should().BeFalse();
        var parse = () => SegmentName.Parse(text);
        parse.Should().Throw<LogFormatException>().Which.What.Should().Contain(text);
    }

    [Fact]
    public void A_header_comes_back_as_it_was_written_and_every_flipped_bit_is_found()
    {
        var bytes = new byte[SegmentHeader.Size];
        new SegmentHeader(Name, 9).Write(bytes);
        SegmentHeader.Read(bytes).Should().Be(new SegmentHeader(Name, 9));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var read = () => SegmentHeader.Read(bytes);
            read.Should().Throw<LogFormatException>();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Any_stream_can_be_scanned_however_little_it_gives_at_a_time()
    {
        var store = Samples.LogOf(20, segmentBytesMax: 1 << 20);
        var file = store.List().Single();
        using var stream = new DribblingStream(Samples.BytesOf(store, file));
        var scanner = new SegmentScanner(stream, SegmentName.Parse(file));
        var indexes = new List<ulong>();
        while (scanner.TryRead(out var envelope))
            indexes.Add(envelope.Index);
        indexes.Should().Equal(Enumerable.Range(1, 20).Select(n => (ulong)n));
        scanner.Damage.Should().BeNull();
    }

    [Fact]
    public void A_segment_of_garbage_is_told_from_one_with_data_after_the_garbage()
    {
        byte[] magics = [.. Enumerable.Repeat("TENV"u8.ToArray(), 50_000).SelectMany(bytes => bytes)];
        Scan(magics).Should().Be(new SegmentDamage(0, "no segment starts here", "the magic TSEG", 200_000, false));
        Scan([.. magics, .. Samples.Envelope(42).Bytes.Span])!.Value.IsFollowedByData.Should().BeTrue();
        Scan([.. magics, .. Samples.Envelope(41).Bytes.Span])!.Value.IsFollowedByData.Should().BeFalse("it lies before the segment");
    }

    private static SegmentDamage? Scan(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var scanner = new SegmentScanner(stream, Name);
        while (scanner.TryRead(out _))
        {
        }
        return scanner.Damage;
    }

    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
    }
}
