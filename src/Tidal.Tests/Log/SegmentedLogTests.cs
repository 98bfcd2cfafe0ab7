using Tidal.Log;

namespace Tidal.Tests.Log;

public class SegmentedLogTests
{
    private static Envelope At(ulong index) => Samples.Envelope(index, 1 + (index / 4));

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1 << 20, 500)]
    [InlineData(300, 500)]
    [InlineData(300, 0)]
    public void Any_range_is_read_back_across_segments_from_cache_and_store(int cacheBytesMax, int segmentBytesMax)
    {
        var store = new MemoryLogStore();
        var log = Samples.Open(store, segmentBytesMax, cacheBytesMax);
        for (var index = 1UL; index <= 12; index++)
            log.Append(At(index));
        for (var first = 1UL; first <= 12; first++)
        {
            for (var last = first; last <= 12; last++)
            {
                var read = log.Read(first, last, int.MaxValue);
                read.Select(envelope => envelope.Index).Should().Equal(Enumerable.Range((int)first, (int)(last - first) + 1).Select(n => (ulong)n));
                read.Should().OnlyContain(envelope => envelope == At(envelope.Index));
            }
        }
    }

    [Fact]
    public void A_read_ends_at_its_bound_but_gives_at_least_one()
    {
        var log = Samples.Open(Samples.LogOf(12), 500);
        var length = At(1).Length;
        log.Read(1, 12, 0).Should().HaveCount(1);
        log.Read(1, 12, (2 * length) - 1).Should().HaveCount(1);
        log.Read(1, 9, 5 * length).Should().HaveCount(5);
        log.Read(9, 12, int.MaxValue).Should().HaveCount(4);
    }

    [Fact]
    public void The_tail_is_cut_at_any_index_and_other_envelopes_take_its_place()
    {
        for (var from = 1UL; from <= 12; from++)
        {
            var store = Samples.LogOf(12);
            var log = Samples.Open(store, 500, cacheBytesMax: 1 << 20);
            log.TruncateFrom(from);
            log.LastIndex.Should().Be(from - 1);
            for (var index = from; index <= 14; index++)
                log.Append(Samples.Envelope(index, 9, padding: 5));
            var again = Samples.Open(store, 500);
            foreach (var envelope in again.Read(1, 14, int.MaxValue))
                envelope.Should().Be(envelope.Index < from ? At(envelope.Index) : Samples.Envelope(envelope.Index, 9, padding: 5));
            foreach (var index in Enumerable.Range(0, 15).Select(n => (ulong)n))
                again.EpochAt(index).Should().Be(log.EpochAt(index)).And.Be(index == 0 ? 0 : index < from ? 1 + (index / 4) : 9);
        }
    }

    [Fact]
    public void Whole_segments_before_an_index_are_deleted_and_the_epoch_before_them_stays_known()
    {
        var store = Samples.LogOf(12);
        var log = Samples.Open(store, 500);
        var files = log.Files.ToArray();
        log.DeleteBefore(8);
        log.FirstIndex.Should().BeInRange(2, 8);
        log.Files.Should().Equal(files[^log.Files.Count()..]);
        foreach (var each in new[] { log, Samples.Open(store, 500) })
        {
            each.EpochAt(each.FirstIndex - 1).Should().Be(1 + ((each.FirstIndex - 1) / 4));
            each.Read(each.FirstIndex, 12, int.MaxValue).Should().OnlyContain(envelope => envelope == At(envelope.Index));
        }
        log.DeleteBefore(ulong.MaxValue);
        log.Files.Should().Equal(files[^1]);
        log.LastIndex.Should().Be(12);
    }

    [Fact]
    public void A_log_reset_to_a_snapshot_goes_on_after_it()
    {
        var store = Samples.LogOf(12);
        var log = Samples.Open(store, 500, cacheBytesMax: 1 << 20);
        log.Reset(100, 7);
        foreach (var each in new[] { log, Samples.Open(store, 500) })
            (each.FirstIndex, each.LastIndex, each.LastEpoch, each.EpochAt(100)).Should().Be((101UL, 100UL, 7UL, 7UL));
        log.Append(Samples.Envelope(101, 7));
        Samples.Open(store, 500).Read(101).Should().Be(Samples.Envelope(101, 7));
        log.TruncateFrom(101);
        (log.LastIndex, log.EpochAt(100)).Should().Be((100UL, 7UL));
    }

    [Fact]
    public void After_power_loss_the_log_is_whole_and_holds_all_that_was_flushed()
    {
        var random = new Random(20251122);
        for (var run = 0; run < 200; run++)
        {
            var store = new MemoryLogStore();
            var log = Samples.Open(store, 500);
            ulong flushed = 0;
            for (var index = 1UL; index <= 12; index++)
            {
                log.Append(At(index));
                if (random.Next(4) != 0)
                    continue;
                log.Flush();
                flushed = index;
            }
            var survivor = Samples.Open(store.SurvivorOfPowerLoss((_, unflushed) => random.NextInt64(unflushed + 1)), 500);
            survivor.LastIndex.Should().BeInRange(flushed, 12);
            for (var index = 1UL; index <= survivor.LastIndex; index++)
                survivor.Read(index).Should().Be(At(index));
        }
    }

    [Fact]
    public void What_does_not_fit_the_log_is_refused_and_changes_nothing()
    {
        var store = Samples.LogOf(12);
        var log = Samples.Open(store, 500);
        var bytes = log.Bytes;
        var gap = () => log.Append(Samples.Envelope(14, 9));
        var again = () => log.Append(Samples.Envelope(12, 9));
        var epoch = () => log.Append(Samples.Envelope(13, 1));
        var cut = () => log.TruncateFrom(14);
        var cutAll = () => log.TruncateFrom(0);
        var read = () => log.Read(12, 13, 1);
        var readNone = () => log.Read(5, 4, 1);
        var epochAt = () => log.EpochAt(13);
        foreach (var refused in new Action[] { gap, again, cut, cutAll, () => read(), () => readNone(), () => epochAt() })
            refused.Should().Throw<LogIndexException>().Which.LastIndex.Should().Be(12);
        epoch.Should().Throw<InvalidRecordException>();
        log.TruncateFrom(13);
        (log.Bytes, log.LastIndex).Should().Be((bytes, 12UL));
    }

    [Fact]
    public void Bytes_that_rot_under_an_open_log_are_found_when_they_are_read()
    {
        var store = Samples.LogOf(12);
        var log = Samples.Open(store, 500);
        var place = log.Recovered.Envelopes.ElementAt(4);
        var bytes = Samples.BytesOf(store, place.File);
        bytes[place.Offset + 60] ^= 4;
        store.Truncate(place.File, 0);
        store.Append(place.File, bytes);
        var read = () => log.Read(1, 12, int.MaxValue);
        var error = read.Should().Throw<LogDamagedException>().Which;
        (error.File, error.Offset).Should().Be((place.File, place.Offset));
    }

    [Fact]
    public void After_a_failure_of_the_store_every_change_ends_with_it()
    {
        var store = new FullStore();
        var log = Samples.Open(store, 500);
        log.Append(At(1));
        store.IsFull = true;
        var append = () => log.Append(At(2));
        append.Should().Throw<LogStoreException>().WithMessage("*full*");
        store.IsFull = false;
        var flush = log.Flush;
        var cut = () => log.TruncateFrom(1);
        append.Should().Throw<LogStoreException>().Which.InnerException!.Message.Should().Contain("full");
        flush.Should().Throw<LogStoreException>();
        cut.Should().Throw<LogStoreException>();
        log.Read(1).Should().Be(At(1));
    }

    private sealed class FullStore : ILogStore
    {
        private readonly MemoryLogStore _store = new();

        public bool IsFull { get; set; }

        public void Append(string name, ReadOnlySpan<byte> bytes)
        {
            _store.Append(name, IsFull ? bytes[..(bytes.Length / 2)] : bytes);
            if (IsFull)
                throw new LogStoreException(name, "the disk is full");
        }

        public IReadOnlyList<string> List() => _store.List();

        public long Length(string name) => _store.Length(name);

        public void Flush() => _store.Flush();

        public int Read(string name, long offset, Span<byte> bytes) => _store.Read(name, offset, bytes);

        public void Truncate(string name, long length) => _store.Truncate(name, length);

        public void Delete(string name) => _store.Delete(name);
    }
}
