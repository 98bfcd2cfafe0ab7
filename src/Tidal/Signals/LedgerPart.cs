using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// What one origin (a region) has contributed to one (item, signal, scope): applied in that origin's order only, so that its bits
/// do not depend on what other origins did meanwhile. What was taken back is a part of its own, beside this one. 64 bytes, one
/// line of a processor's cache, because parts are what a ledger consists of: windows are sparse, so that the latest slot stands
/// here and those before it in a list.
/// </summary>
internal struct LedgerPart
{
    // The lists of older slots.
    private const int Minutes = 0;
    private const int Hours = 1;

    /// <summary>The mantissa of the decayed sum.</summary>
    public double Mantissa;

    /// <summary>The epoch of the last record applied.</summary>
    public ulong Epoch;

    /// <summary>The number of the last record applied: with the epoch the part's version.</summary>
    public ulong Number;

    /// <summary>Signals, or retractions, of all time.</summary>
    public long Count;

    /// <summary>The exponent of the decayed sum.</summary>
    public int Exponent;

    /// <summary>The latest minute with an event.</summary>
    public int MinuteSlot;

    /// <summary>Events in it; 0 when there is none.</summary>
    public int MinuteCount;

    /// <summary>The latest hour with an event.</summary>
    public int HourSlot;

    /// <summary>Events in it; 0 when there is none.</summary>
    public int HourCount;

    /// <summary>One more than the list of minutes before the latest one, after which comes that of hours; 0 for none.</summary>
    public int Older;

    /// <summary>One more than the place of the part of what was taken back; 0 for none.</summary>
    public int Retracted;

    /// <summary>The origin.</summary>
    public RegionId Region;

    /// <summary>The decayed sum.</summary>
    public ForwardScore Score
    {
        readonly get => new(Mantissa, Exponent);
        set => (Mantissa, Exponent) = value;
    }

    /// <summary>Whether it has applied less of its origin's log than another copy.</summary>
    public readonly bool IsOlderThan(in LedgerPart other) => (Epoch, Number).CompareTo((other.Epoch, other.Number)) < 0;

    /// <summary>Counts one event.</summary>
    public void Take(in Contribution contribution, SlotLists lists)
    {
        (Epoch, Number) = (contribution.Epoch, contribution.Number);
        Count++;
        Score = Score.Plus(contribution.Term);
        if (!contribution.HasWindows)
            return;
        var slots = contribution.Slots;
        if (slots.Minute >= slots.MinutesFrom)
            TakeSlot(ref MinuteSlot, ref MinuteCount, Minutes, slots.Minute, slots.MinutesFrom, lists);
        if (slots.Hour >= slots.HoursFrom)
            TakeSlot(ref HourSlot, ref HourCount, Hours, slots.Hour, slots.HoursFrom, lists);
    }

    /// <summary>Events in the slots from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public readonly long Sum(bool isByMinute, int first, int last, SlotLists lists)
    {
        var (slot, count) = isByMinute ? (MinuteSlot, MinuteCount) : (HourSlot, HourCount);
        var sum = slot >= first && slot <= last ? count : 0L;
        return Older == 0 ? sum : sum + SlotLists.Sum(lists[Older - 1 + (isByMinute ? Minutes : Hours)], first, last);
    }

    /// <summary>Adds the slots that are live to a digest.</summary>
    public readonly void AddWindowsTo(StateWriter digest, long highestMilliseconds, SlotLists lists)
    {
        var live = WindowSlots.Of(eventTimeMilliseconds: 0, highestMilliseconds);
        AddTo(digest, Older == 0 ? default : lists[Older - 1 + Minutes], MinuteSlot, MinuteCount, live.MinutesFrom);
        AddTo(digest, Older == 0 ? default : lists[Older - 1 + Hours], HourSlot, HourCount, live.HoursFrom);
    }

    /// <summary>Reads the windows back.</summary>
    public void ReadWindows(StateReader reader, SlotLists lists)
    {
        ReadSlots(reader, ref MinuteSlot, ref MinuteCount, Minutes, lists);
        ReadSlots(reader, ref HourSlot, ref HourCount, Hours, lists);
    }

    /// <summary>Makes the lists its own, so that it shares nothing with the part that it is a copy of.</summary>
    public void CopyWindows(SlotLists from, SlotLists to)
    {
        if (Older == 0)
            return;
        var older = Older - 1;
        Older = 0;
        for (var list = Minutes; list <= Hours; list++)
        {
            foreach (var count in from[older + list])
                to.Add(OlderIn(to) + list, count.Slot, count.Count, liveFrom: 0);
        }
    }

    private void TakeSlot(ref int latest, ref int count, int list, int slot, int liveFrom, SlotLists lists)
    {
        if (count > 0 && slot == latest)
        {
            count++;
        }
        else if (count > 0 && slot < latest)
        {
            lists.Add(OlderIn(lists) + list, slot, 1, liveFrom);
        }
        else
        {
            if (count > 0 && latest >= liveFrom)
                lists.Add(OlderIn(lists) + list, latest, count, liveFrom);
            (latest, count) = (slot, 1);
        }
    }

    private void ReadSlots(StateReader reader, ref int latest, ref int countOfLatest, int list, SlotLists lists)
    {
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
        {
            var (slot, count) = (reader.ReadInt32(), reader.ReadInt32());
            if (left > 1)
                lists.Add(OlderIn(lists) + list, slot, count, liveFrom: 0);
            else
                (latest, countOfLatest) = (slot, count);
        }
    }

    private int OlderIn(SlotLists lists)
    {
        if (Older == 0)
            Older = lists.Make(2) + 1;
        return Older - 1;
    }

    private static void AddTo(StateWriter digest, ReadOnlySpan<SlotCount> older, int slot, int count, int liveFrom)
    {
        var live = SlotLists.LiveOf(older, liveFrom);
        var isLive = count > 0 && slot >= liveFrom;
        digest.Add(live.Length + (isLive ? 1 : 0));
        foreach (var held in live)
        {
            digest.Add(held.Slot);
            digest.Add(held.Count);
        }
        if (!isLive)
            return;
        digest.Add(slot);
        digest.Add(count);
    }
}
