using Tidal.Crdt;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

/// <summary>Counts in windows against a list of all events. The windows end with the running slot of the read time.</summary>
public sealed class WindowTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Week = 168 * Hour;
    private const long FullHour = 472_222 * Hour;

    private readonly record struct Event(string Item, long Time, long Highest);

    [Fact]
    public void Counts_are_those_of_a_list_of_the_events() =>
        SeededProperty.HoldsFor(random =>
        {
            var (ledger, events, highest) = (new Ledger(), new List<Event>(), 0L);
            for (var (step, now) = (0, FullHour); step < 150; step++)
            {
                now += random.Next(0, random.Chance(0.1) ? 12 * Hour : 10 * Minute);
                var taken = RandomEvent(random, now, highest);
                highest = taken.Highest;
                events.Add(taken);
                ledger.Signal(taken.Item, taken.Time);
                if (step % 10 == 0)
                    CompareAll(ledger, events, Math.Max(now, highest) + random.Next(-Hour, 2 * Hour));
            }
        }, cases: 100);

    [Theory]
    [InlineData(CountWindow.OneHour, Minute, 60)]
    [InlineData(CountWindow.OneDay, Hour, 24)]
    [InlineData(CountWindow.OneWeek, Hour, 168)]
    public void An_event_leaves_a_window_with_the_slot_it_fell_into(CountWindow window, long slot, int slots)
    {
        var ledger = new Ledger().Signal("first", FullHour).Signal("last", FullHour + slot - 1);
        foreach (var item in new[] { "first", "last" })
        {
            ledger.Count(item, window, FullHour - 1).Should().Be(0, "its slot has not begun");
            ledger.Count(item, window, FullHour).Should().Be(1, "a slot counts as a whole");
            ledger.Count(item, window, FullHour + slots * slot - 1).Should().Be(1);
            ledger.Count(item, window, FullHour + slots * slot).Should().Be(0);
            ledger.Count(item, CountWindow.All, FullHour + slots * slot).Should().Be(1);
        }
    }

    [Fact]
    public void An_event_too_late_for_its_bucket_counts_for_all_time_only()
    {
        var ledger = new Ledger().Signal("other", FullHour).Signal("a", FullHour - Week - 2 * Hour);
        ledger.Count("a", CountWindow.OneWeek, FullHour - Week).Should().Be(0, "its bucket is dead");
        ledger.Count("a").Should().Be(1);
        ledger.Signal("a", FullHour - Week - Hour);
        ledger.Count("a", CountWindow.OneWeek, FullHour - 2 * Hour).Should().Be(1, "a week and an hour are kept");
        ledger.Count("a", CountWindow.OneHour, FullHour - Week - Hour).Should().Be(0);
    }

    [Fact]
    public void Only_its_own_origin_can_make_an_event_late()
    {
        var ledger = new Ledger().Signal("other", FullHour + 2 * Week, region: 1).Signal("a", FullHour, region: 0);
        ledger.Count("a", CountWindow.OneHour, FullHour).Should().Be(1);
        ledger.Signal("a", FullHour, region: 1).Count("a", CountWindow.OneHour, FullHour).Should().Be(1, "late in region 1");
        ledger.Count("a").Should().Be(2);
    }

    [Fact]
    public void A_signal_type_without_windows_counts_for_all_time()
    {
        var ledger = new Ledger().Signal("a", type: new SignalTypeId(2));
        ledger.Count("a", CountWindow.OneHour, type: new SignalTypeId(2)).Should().Be(0);
        ledger.Count("a", type: new SignalTypeId(2)).Should().Be(1);
    }

    [Fact]
    public void Times_before_1970_fall_into_the_first_slot()
    {
        new Ledger().Signal("a", -5 * Hour).Count("a", CountWindow.OneHour, 0).Should().Be(1);
        FluentActions.Invoking(() => WindowSlots.Of(CountWindow.All, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Counters_that_pruned_at_different_moments_give_the_same_digest()
    {
        var (lists, early, late) = (new SlotLists(), default(LedgerPart), default(LedgerPart));
        early.Take(At(FullHour, FullHour), lists);
        late.Take(At(FullHour, FullHour), lists);
        // An event of another item moves the log on; only one of the two has a reason to prune.
        early.Take(At(FullHour + Hour, FullHour + 2 * Week), lists);
        Digest(early, lists).Should().Be(Digest(late, lists));
        early.Take(At(FullHour + 2 * Week, FullHour + 2 * Week), lists);
        late.Take(At(FullHour + 2 * Week, FullHour + 2 * Week), lists);
        Digest(early, lists).Should().Be(Digest(late, lists)).And.NotBe(Digest(default, lists));
    }

    private static Contribution At(long time, long highest) => new(default, 1, 1, ForwardScore.Zero, WindowSlots.Of(time, highest), HasWindows: true);

    private static string Digest(in LedgerPart part, SlotLists lists)
    {
        using var digest = new StateDigest();
        part.AddWindowsTo(digest, FullHour + 2 * Week, lists);
        return digest.Finish();
    }

    private static Event RandomEvent(DeterministicRandom random, long now, long highest)
    {
        var late = random.Next(5) switch { 0 => random.Next(0, 3 * Hour), 1 => random.Next(0, 9 * 24 * Hour), _ => random.Next(0, 5 * Minute) };
        var time = random.Chance(0.2) ? (now - late) / Minute * Minute : now - late;
        return new Event(random.Chance(0.7) ? "a" : "b", time, Math.Max(time, highest));
    }

    private static void CompareAll(Ledger ledger, List<Event> events, long read)
    {
        foreach (var item in new[] { "a", "b" })
        {
            var own = events.Where(taken => taken.Item == item).ToList();
            ledger.Count(item, CountWindow.All, read).Should().Be(own.Count);
            ledger.Count(item, CountWindow.OneHour, read).Should().Be(own.Count(taken => IsIn(taken, read, Minute, 60, 60)));
            ledger.Count(item, CountWindow.OneDay, read).Should().Be(own.Count(taken => IsIn(taken, read, Hour, 24, 168)));
            ledger.Count(item, CountWindow.OneWeek, read).Should().Be(own.Count(taken => IsIn(taken, read, Hour, 168, 168)));
        }
    }

    // Live when it came: within what is kept, and an hour of slack, of the highest event time in the log so far.
    private static bool IsIn(Event taken, long read, long slot, int slots, int slotsKept)
    {
        var wasLive = taken.Time / slot >= (taken.Highest - Hour - slotsKept * slot) / slot;
        var age = read / slot - taken.Time / slot;
        return wasLive && age >= 0 && age < slots;
    }
}
