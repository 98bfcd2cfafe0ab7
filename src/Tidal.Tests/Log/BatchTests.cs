using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

public class BatchTests
{
    [Fact]
    public void Every_kind_comes_back_as_it_was_written()
    {
        var records = Samples.OneOfEachKind();
        Samples.ReadAll(Samples.Batch(records)).Should().Equal(records);
    }

    [Fact]
    public void Any_records_come_back_as_they_were_written() =>
        Prop.ForAll(RecordGenerators.Batches.ToArbitrary(), records =>
        {
            var batch = Samples.Batch(records);
            BatchReader.Verify(batch);
            return Samples.ReadAll(batch).SequenceEqual(records.Select(Normal));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_header_says_what_the_writer_was_told_and_where_the_batch_ends()
    {
        var header = BatchHeader.Read(Samples.Batch(Samples.Signal(1), Samples.Signal(2), Samples.Signal(3)));
        header.Tenant.Should().Be(new TenantId(7));
        header.Origin.Should().Be(Samples.Start.Origin);
        header.Shard.Should().Be(Samples.Shard);
        (header.OriginEpoch, header.FirstNumber, header.Count, header.LastNumber).Should().Be((3UL, 1000UL, 3, 1002UL));
        (header.WallTimeMilliseconds, header.BaseHlc, header.PreviousCrc).Should().Be((Samples.Noon, Samples.Hlc, 0xCAFEBABE));
    }

    [Fact]
    public void Records_are_numbered_from_the_first_number_on()
    {
        var reader = BatchReader.Open(Samples.Batch(Samples.Signal(1), Samples.Signal(2)));
        reader.TryRead(out _).Should().BeTrue();
        reader.Number.Should().Be(1000);
        reader.TryRead(out _).Should().BeTrue();
        reader.Number.Should().Be(1001);
        reader.TryRead(out _).Should().BeFalse();
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(1000, 39)]
    public void A_typical_signal_takes_40_bytes_at_most(int count, int bytesMax)
    {
        var records = Enumerable.Range(1, count).Select(n => Samples.Signal((ulong)n)).ToArray();
        var header = BatchHeader.Read(Samples.Batch(records));
        ((double)header.PayloadBytes / count).Should().BeLessThanOrEqualTo(bytesMax);
    }

    [Fact]
    public void Typical_signals_of_sessions_of_their_own_take_40_bytes_too()
    {
        var records = Enumerable.Range(0, 100)
            .Select(n => Samples.Signal((ulong)n + 1) with { Operation = new OperationId(new SessionId(Samples.East, 9000 + (ulong)n), 90) })
            .ToArray();
        BatchHeader.Read(Samples.Batch(records)).PayloadBytes.Should().BeLessThanOrEqualTo(40 * records.Length);
    }

    [Fact]
    public void A_batch_carries_the_checksum_by_which_the_next_one_names_it()
    {
        var first = BatchReader.Verify(Samples.Batch(Samples.Signal()));
        var next = BatchWriter.Encode(Samples.Start with { FirstNumber = first.LastNumber + 1, PreviousCrc = first.Crc }, [Samples.Signal(2)]);
        BatchReader.Verify(next).PreviousCrc.Should().Be(first.Crc);
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var batch = Samples.Batch(Samples.OneOfEachKind());
        for (var bit = 0; bit < batch.Length * 8; bit++)
        {
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
            var open = () => BatchReader.Verify(batch);
            open.Should().Throw<LogFormatException>($"bit {bit} is flipped");
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_batch_cut_at_any_byte_or_with_a_byte_too_many_is_refused()
    {
        var batch = Samples.Batch(Samples.OneOfEachKind());
        for (var length = 0; length < batch.Length; length++)
        {
            var open = () => BatchReader.Verify(batch.AsMemory(0, length));
            open.Should().Throw<LogFormatException>();
        }
        var longer = () => BatchReader.Verify((byte[])[.. batch, 0]);
        longer.Should().Throw<LogFormatException>();
    }

    [Fact]
    public void A_full_batch_says_so_and_goes_on_in_the_next()
    {
        var writer = new BatchWriter();
        writer.Begin(Samples.Start);
        while (writer.TryAdd(Samples.Signal((ulong)writer.Count + 1)))
        {
        }
        writer.Count.Should().Be(LogLimits.BatchRecordsMax);
        BatchReader.Verify(writer.Finish()).Count.Should().Be(LogLimits.BatchRecordsMax);
        writer.Begin(Samples.Start);
        writer.TryAdd(Samples.Signal()).Should().BeTrue();
        Samples.ReadAll(writer.Finish()).Should().Equal(Samples.Signal());
    }

    [Fact]
    public void A_batch_is_full_at_a_mebibyte()
    {
        var writer = new BatchWriter();
        writer.Begin(Samples.Start);
        while (writer.TryAdd(Samples.Signal(item: new string('x', 1024))))
        {
        }
        writer.PayloadBytes.Should().BeInRange(LogLimits.BatchPayloadBytesMax - 1100, LogLimits.BatchPayloadBytesMax);
        BatchReader.Verify(writer.Finish());
    }

    [Fact]
    public void A_version_to_come_is_refused_by_its_version()
    {
        var batch = Samples.Batch(Samples.Signal());
        BinaryPrimitives.WriteUInt16LittleEndian(batch.AsSpan(4), 4);
        Seal(batch);
        var open = () => BatchReader.Verify(batch);
        var error = open.Should().Throw<UnsupportedFormatException>().Which;
        (error.What, error.Found).Should().Be(("batch version", 4));
        error.Known.Should().Equal(2, 3);
    }

    [Fact]
    public void Who_takes_version_2_alone_refuses_3_by_its_version()
    {
        var batch = Samples.Batch3(Samples.Signal());
        foreach (var open in new Action[] { () => BatchReader.Verify(batch, 2), () => BatchReader.Open(batch, 2), () => BatchHeader.Read(batch, 2) })
            open.Should().Throw<UnsupportedFormatException>().Which.Known.Should().Equal(2);
        BatchReader.Verify(Samples.Batch(Samples.Signal()), 2).Version.Should().Be(2);
    }

    [Theory]
    [InlineData(6, 1, "batch flags")]
    [InlineData(64, 0, "record kind")]
    [InlineData(64, 1, "record kind")]
    [InlineData(64, 9, "record kind")]
    [InlineData(65, 0x10, "record flags")]
    public void What_is_whole_but_unknown_is_refused_by_its_name(int offset, byte value, string what)
    {
        var batch = Samples.Batch(Samples.Signal() with { Weight = 2 });
        batch[offset] = value;
        Seal(batch);
        var open = () => BatchReader.Verify(batch);
        open.Should().Throw<UnsupportedFormatException>().Which.What.Should().Be(what);
    }

    [Theory]
    [InlineData(32, uint.MaxValue)]
    [InlineData(32, 4097u)]
    [InlineData(32, 4000u)]
    [InlineData(32, 0u)]
    [InlineData(36, uint.MaxValue)]
    [InlineData(36, 1u << 20)]
    public void A_header_that_promises_more_than_there_is_costs_nothing(int offset, uint value)
    {
        var batch = Samples.Batch(Samples.Signal());
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(offset), value);
        Seal(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var open = () => BatchReader.Verify(batch);
        open.Should().Throw<LogFormatException>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    internal static void Seal(byte[] batch) => BinaryPrimitives.WriteUInt32LittleEndian(
        batch.AsSpan(60), Crc32C.Of(batch.AsSpan(0, 60), batch.AsSpan(64)));

    private static LogRecord Normal(LogRecord record) => record with
    {
        Cohorts = record.Cohorts is { Length: 0 } ? null : record.Cohorts,
        Attributes = record.Attributes is { Length: 0 } ? null : record.Attributes,
    };
}
