using Tidal.Log;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Tests.Oracles;

/// <summary>A log is written through a tee: what the tee holds is what the log held, cuts left out and deletions not.</summary>
public sealed class StoreTeeTests
{
    private readonly MemoryLogStore _disk = new();
    private readonly StoreTee _tee = new(new TeedBatches());
    private readonly SegmentedLog _log;

    public StoreTeeTests() => _log = Open(_disk);

    [Fact]
    public void What_is_cut_off_the_log_was_never_there()
    {
        Append(6);
        _log.TruncateFrom(3);
        Indexes.Should().Equal(1, 2);
        Append(2, epoch: 2);
        _tee.Entries.Select(entry => (entry.Index, entry.Epoch)).Should().Equal((1, 1), (2, 1), (3, 2), (4, 2));
    }

    [Fact]
    public void What_a_checkpoint_stands_for_is_remembered()
    {
        Append(6);
        _log.DeleteBefore(5);
        _log.FirstIndex.Should().BeGreaterThan(1);
        Indexes.Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void Of_a_log_that_a_snapshot_replaces_only_what_is_known_as_committed_is_remembered()
    {
        Append(6, committed: 4);
        _log.Reset(9, 3);
        Indexes.Should().Equal(1, 2, 3, 4);
        Append(1, epoch: 3);
        Indexes.Should().Equal(1, 2, 3, 4, 10);
    }

    [Fact]
    public void Of_a_torn_write_nothing_is_remembered()
    {
        Append(2);
        _log.Flush();
        Append(1);
        var survivor = _disk.SurvivorOfPowerLoss((_, unflushed) => unflushed - 1);
        _tee.Survived(survivor);
        Indexes.Should().Equal(1, 2);
        Open(survivor).LastIndex.Should().Be(2);
        Indexes.Should().Equal(1, 2);
    }

    [Fact]
    public void A_disk_that_is_lost_says_by_its_bytes_what_was_committed()
    {
        Append(3, committed: 0);
        Append(1, committed: 2);
        _tee.CommittedEntries.Select(entry => entry.Index).Should().Equal(1, 2);
    }

    private IEnumerable<ulong> Indexes => _tee.Entries.Select(entry => entry.Index);

    private SegmentedLog Open(MemoryLogStore disk) =>
        SegmentedLog.Open(new TeedLogStore(disk, _tee), default, default, new SegmentedLogOptions { SegmentBytesMax = 200, AcceptCutBelowCommitIndex = true });

    private void Append(int number, ulong epoch = 1, ulong committed = 0)
    {
        for (var place = 0; place < number; place++)
            _log.Append(Envelope.Encode(EnvelopeKind.Control, epoch, _log.LastIndex + 1, committed, ControlRecord.ForEpoch(default).Encode()));
    }
}
