using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

public class HardStateTests
{
    private static readonly HardState First = new(new StoreId(77), 1, null, 0);
    private static readonly HardState Second = First with { Epoch = 2, Vote = new ReplicaId(0) };

    [Fact]
    public void A_new_store_has_no_state() => new HardStateJournal(new MemoryLogStore()).Current.Should().BeNull();

    [Fact]
    public void The_state_written_last_is_found_again()
    {
        var store = new MemoryLogStore();
        var journal = new HardStateJournal(store);
        journal.Write(First);
        journal.Write(Second);
        HardStateJournal.Recover(store).Should().Be(new HardStateRecovery(Second, 0));
        new HardStateJournal(store).Current.Should().Be(Second);
    }

    [Fact]
    public void A_journal_cut_at_any_byte_gives_the_state_before_and_goes_on_from_there()
    {
        var whole = new MemoryLogStore();
        var journal = new HardStateJournal(whole);
        journal.Write(First);
        journal.Write(Second);
        for (var length = 0; length < whole.Length("hard-state-1"); length++)
        {
            var store = Samples.With(whole, "hard-state-1", Samples.BytesOf(whole, "hard-state-1").AsSpan(0, length));
            HardState? expected = length < 48 ? null : First;
            HardStateJournal.Recover(store).Should().Be(new HardStateRecovery(expected, length % 48));
            new HardStateJournal(store).Write(Second with { Epoch = 9 });
            HardStateJournal.Recover(store).Should().Be(new HardStateRecovery(Second with { Epoch = 9 }, 0));
        }
    }

    [Fact]
    public void Every_flipped_bit_of_the_last_record_gives_the_state_before_and_is_said()
    {
        var whole = new MemoryLogStore();
        var journal = new HardStateJournal(whole);
        journal.Write(First);
        journal.Write(Second);
        for (var bit = 48 * 8; bit < 96 * 8; bit++)
        {
            var bytes = Samples.BytesOf(whole, "hard-state-1");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            HardStateJournal.Recover(Samples.With(whole, "hard-state-1", bytes)).Should().Be(new HardStateRecovery(First, 48));
        }
    }

    [Fact]
    public void A_full_journal_goes_on_in_a_new_file_and_the_old_one_is_deleted()
    {
        var store = new MemoryLogStore();
        var journal = new HardStateJournal(store);
        for (var epoch = 1UL; epoch <= 30_000; epoch++)
            journal.Write(First with { Epoch = epoch });
        store.List().Should().ContainSingle().Which.Should().Be("hard-state-22");
        store.Length("hard-state-22").Should().BeLessThanOrEqualTo(HardStateJournal.FileBytesMax);
        new HardStateJournal(store).Current!.Value.Epoch.Should().Be(30_000);
    }

    [Fact]
    public void A_crash_between_the_new_file_and_the_end_of_the_old_one_loses_nothing()
    {
        var store = new MemoryLogStore();
        new HardStateJournal(store).Write(First);
        store.Append("hard-state-2", new byte[20]);
        var journal = new HardStateJournal(store);
        journal.Current.Should().Be(First);
        journal.Recovered.BytesIgnored.Should().Be(20);
        journal.Write(Second);
        new HardStateJournal(store).Current.Should().Be(Second);
        store.List().Should().Equal("hard-state-2");
    }

    [Fact]
    public void Power_loss_before_the_flush_gives_the_state_before()
    {
        var store = new MemoryLogStore();
        var journal = new HardStateJournal(store);
        journal.Write(First);
        store.Flush();
        journal.Write(Second);
        for (var kept = 0; kept <= 48; kept++)
        {
            var state = HardStateJournal.Recover(store.SurvivorOfPowerLoss((_, _) => kept)).State;
            state.Should().Be(kept == 48 ? Second : First);
        }
    }
}
