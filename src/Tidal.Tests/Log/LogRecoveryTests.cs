using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

public class LogRecoveryTests
{
    [Fact]
    public void A_log_with_a_newer_format_is_refused_by_who_reads_the_older_one_alone()
    {
        var batch = Envelope.Encode(EnvelopeKind.Batch, 1, 1, 0, Samples.Batch3(Samples.Signal()));
        var raised = Envelope.Encode(EnvelopeKind.Control, 1, 1, 0, ControlRecord.ForFormat(3).Encode());
        foreach (var envelope in new[] { batch, raised })
        {
            var store = new MemoryLogStore();
            var log = Samples.Open(store);
            log.Append(envelope);
            log.Flush();
            Recover(store).LastIndex.Should().Be(1);
            var open = () => SegmentedLog.Open(store, Samples.East, Samples.Shard, new SegmentedLogOptions { FormatReadable = 2 });
            var error = open.Should().Throw<UnsupportedFormatException>().Which;
            (error.What, error.Found, error.Known.Single()).Should().Be(("batch version", 3, 2));
        }
    }

    private static RecoveredLog Recover(ILogStore store) => LogRecovery.Run(store, Samples.East, Samples.Shard);

    [Fact]
    public void A_whole_log_is_recovered_with_every_envelope_in_its_place()
    {
        var store = Samples.LogOf(10);
        var log = Recover(store);
        store.List().Count.Should().BeGreaterThan(2);
        (log.FirstIndex, log.LastIndex, log.LastEpoch, log.Cut).Should().Be((1UL, 10UL, 3UL, null));
        foreach (var place in log.Envelopes)
        {
            var bytes = Samples.BytesOf(store, place.File).AsMemory((int)place.Offset, place.Length);
            Envelope.Open(bytes).Should().Be(Samples.Envelope(place.Index, place.Epoch));
        }
    }

    [Fact]
    public void A_log_cut_at_any_byte_ends_with_a_whole_envelope_and_says_what_was_cut()
    {
        var whole = Samples.LogOf(7, segmentBytesMax: 1 << 20);
        var file = whole.List().Single();
        var bytes = Samples.BytesOf(whole, file);
        var ends = Recover(whole).Envelopes.Select(place => place.Offset + place.Length).Prepend(SegmentHeader.Size).ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            var store = Samples.With(whole, file, bytes.AsSpan(0, length));
            var end = ends.LastOrDefault(place => place <= length);
            var log = Recover(store);
            log.LastIndex.Should().Be((ulong)Math.Max(0, ends.Count(place => place <= length) - 1));
            if (length == end && length > 0)
                log.Cut.Should().BeNull();
            else
                log.Cut.Should().BeEquivalentTo(new { File = file, Offset = end, BytesCut = length - end });
        }
    }

    [Fact]
    public void Opening_a_torn_log_cuts_the_tail_off_its_store()
    {
        var store = Samples.LogOf(7, segmentBytesMax: 1 << 20);
        var file = store.List().Single();
        store.Truncate(file, store.Length(file) - 1);
        var log = Samples.Open(store);
        log.Append(Samples.Envelope(7, 3));
        Recover(store).Cut.Should().BeNull();
        Samples.Open(store).Read(7).Should().Be(Samples.Envelope(7, 3));
    }

    [Fact]
    public void No_flipped_bit_anywhere_in_a_log_yields_a_wrong_record()
    {
        var whole = Samples.LogOf(7);
        var outcomes = (Refused: 0, Cut: 0);
        foreach (var file in whole.List())
        {
            var bytes = Samples.BytesOf(whole, file);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                if (IsRefused(Samples.With(whole, file, bytes), file))
                    outcomes.Refused++;
                else
                    outcomes.Cut++;
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
        outcomes.Cut.Should().Be(Samples.Envelope(7, 2).Length * 8, "only the last envelope can be taken for a torn tail");
        outcomes.Refused.Should().BeGreaterThan(outcomes.Cut);
    }

    [Fact]
    public void Damage_before_the_tail_is_refused_with_file_and_offset()
    {
        var store = Samples.LogOf(7, segmentBytesMax: 1 << 20);
        var file = store.List().Single();
        var place = Recover(store).Envelopes.ElementAt(2);
        var bytes = Samples.BytesOf(store, file);
        bytes[place.Offset + 50] ^= 1;
        var recover = () => Recover(Samples.With(store, file, bytes));
        var error = recover.Should().ThrowExactly<LogDamagedException>().Which;
        (error.File, error.Offset).Should().Be((file, place.Offset));
    }

    [Fact]
    public void An_earlier_segment_that_is_torn_missing_or_of_another_shard_is_refused()
    {
        var store = Samples.LogOf(10);
        var files = store.List();
        var torn = Samples.With(store, files[0], Samples.BytesOf(store, files[0]).AsSpan(0, 100));
        var short1 = Samples.With(store, files[0], Samples.BytesOf(store, files[0]).AsSpan(0, SegmentHeader.Size));
        var missing = Samples.With(store, "", []);
        missing.Delete(files[1]);
        var foreign = Samples.With(store, "", []);
        foreign.Append("r001-s0006-00000000000000000001.log", []);
        foreach (var (damaged, file) in new[] { (torn, files[0]), (short1, files[1]), (missing, files[2]), (foreign, "r001-s0006-00000000000000000001.log") })
        {
            var recover = () => Recover(damaged);
            recover.Should().ThrowExactly<LogDamagedException>().Which.File.Should().Be(file);
        }
    }

    [Fact]
    public void Epochs_that_go_down_and_indexes_that_jump_are_refused()
    {
        foreach (var wrong in new[] { Samples.Envelope(8, 1), Samples.Envelope(9, 3), Samples.Envelope(7, 3) })
        {
            var store = Samples.LogOf(7, segmentBytesMax: 1 << 20);
            var file = store.List().Single();
            var end = store.Length(file);
            store.Append(file, wrong.Bytes.Span);
            var recover = () => Recover(store);
            recover.Should().ThrowExactly<LogDamagedException>().Which.Offset.Should().Be(end);
        }
    }

    [Fact]
    public void A_segment_under_another_name_and_a_name_that_is_none_are_refused()
    {
        var store = Samples.LogOf(3, segmentBytesMax: 1 << 20);
        var renamed = new MemoryLogStore();
        renamed.Append(new SegmentName(Samples.East, Samples.Shard, 2).ToString(), Samples.BytesOf(store, store.List().Single()));
        var rename = () => Recover(renamed);
        rename.Should().Throw<LogDamagedException>();
        store.Append("copy of a segment.log", []);
        var name = () => Recover(store);
        name.Should().Throw<LogFormatException>();
    }

    [Fact]
    public void A_cut_below_the_commit_index_of_the_hard_state_is_refused_with_both_indexes()
    {
        var store = Samples.LogOf(7, segmentBytesMax: 1 << 20);
        new HardStateJournal(store).Write(new HardState(new StoreId(1), 2, null, 7));
        Recover(store).CommitIndex.Should().Be(7);
        var file = store.List()[^1];
        store.Truncate(file, store.Length(file) - 1);
        var open = () => Samples.Open(store);
        var error = open.Should().Throw<CutBelowCommitIndexException>().Which;
        (error.File, error.LastIndex, error.CommitIndex).Should().Be((file, 6UL, 7UL));
    }

    [Fact]
    public void A_cut_below_the_commit_index_of_an_envelope_is_refused_unless_the_caller_makes_a_learner()
    {
        var store = new MemoryLogStore();
        Samples.Open(store).Append(Samples.Envelope(1, commitIndex: 5));
        var open = () => Samples.Open(store);
        open.Should().Throw<CutBelowCommitIndexException>().Which.CommitIndex.Should().Be(5);
        var options = new SegmentedLogOptions { AcceptCutBelowCommitIndex = true };
        var log = SegmentedLog.Open(store, Samples.East, Samples.Shard, options);
        (log.Recovered.IsCutBelowCommitIndex, log.LastIndex, log.Recovered.CommitIndex).Should().Be((true, 1UL, 5UL));
    }

    [Fact]
    public void A_store_that_lost_all_its_segments_is_refused_by_its_hard_state()
    {
        var store = new MemoryLogStore();
        new HardStateJournal(store).Write(new HardState(new StoreId(1), 2, new ReplicaId(1), 3));
        var open = () => Samples.Open(store);
        open.Should().Throw<CutBelowCommitIndexException>().Which.LastIndex.Should().Be(0);
    }

    /// <summary>Refused, naming the damaged file, is true; cut is false; anything else ends the test.</summary>
    private static bool IsRefused(MemoryLogStore store, string file)
    {
        try
        {
            var log = Samples.Open(store);
            log.Recovered.Cut!.Value.File.Should().Be(file);
            log.LastIndex.Should().Be(6);
            foreach (var envelope in log.Read(1, 6, int.MaxValue))
                envelope.Should().Be(Samples.Envelope(envelope.Index, 1 + (envelope.Index / 4)));
            return false;
        }
        catch (LogDamagedException error)
        {
            error.File.Should().Be(file);
            return true;
        }
    }
}
