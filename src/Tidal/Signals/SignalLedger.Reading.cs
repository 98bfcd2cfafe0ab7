using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>What is read of a cell. Parts are added in region order, so that replicas that hold the same logs read the same bits.</content>
internal sealed partial class SignalLedger
{
    /// <summary>The decayed sum of a cell over all origins at a time, less what was taken back; at least 0.</summary>
    public double DecayScore(ulong key, long timeMilliseconds) =>
        Forward(key).At(timeMilliseconds, TypeOf(ColumnOf(key)).HalfLifeMilliseconds);

    /// <summary>The forward score of a cell over all origins, less what was taken back.</summary>
    public ForwardScore Forward(ulong key)
    {
        var (added, retracted) = (ForwardScore.Zero, ForwardScore.Zero);
        foreach (ref readonly var part in PartsOf(key))
        {
            added = added.Plus(part.Score);
            if (part.Retracted != 0)
                retracted = retracted.Plus(_parts[part.Retracted - 1].Score);
        }
        if (_later.Count > 0)
            (added, retracted) = PlusLater(key, added, retracted);
        return retracted.Mantissa == 0 ? added : LeftOf(key, added, retracted);
    }

    /// <summary>Whether nothing in a cell was taken back and no later attempt is in it.</summary>
    public bool OnlyGrows(ulong key)
    {
        foreach (ref readonly var part in PartsOf(key))
        {
            if (part.Retracted != 0)
                return false;
        }
        return LaterOf(key).Count == 0;
    }

    /// <summary>The signals of a cell counted in a window that ends at a time, over all origins, less those taken back; at least 0.</summary>
    public long Count(ulong key, CountWindow window, long timeMilliseconds)
    {
        long sum = 0;
        foreach (ref readonly var part in PartsOf(key))
            sum += Count(part, window, timeMilliseconds) - (part.Retracted == 0 ? 0 : Count(_parts[part.Retracted - 1], window, timeMilliseconds));
        foreach (var later in LaterOf(key))
            sum += later.Identity.IsRetraction ? -Count(later.Alone, window, timeMilliseconds) : Count(later.Alone, window, timeMilliseconds);
        return Math.Max(0, sum);
    }

    /// <summary>What one origin's part has counted of all time.</summary>
    public PNCounter CountsOf(ulong key, RegionId origin)
    {
        foreach (ref readonly var part in PartsOf(key))
        {
            if (part.Region == origin)
                return CountsOf(part);
        }
        return default;
    }

    private PNCounter CountsOf(in LedgerPart part) => new(part.Count, part.Retracted == 0 ? 0 : _parts[part.Retracted - 1].Count);

    private long Count(in LedgerPart part, CountWindow window, long timeMilliseconds)
    {
        if (window == CountWindow.All)
            return part.Count;
        var (isByMinute, first, last) = WindowSlots.Of(window, timeMilliseconds);
        return part.Sum(isByMinute, first, last, _older);
    }

    private (ForwardScore Added, ForwardScore Retracted) PlusLater(ulong key, ForwardScore added, ForwardScore retracted)
    {
        foreach (var later in LaterOf(key))
        {
            added = added.Plus(later.Added);
            retracted = retracted.Plus(later.Retracted);
        }
        return (added, retracted);
    }

    // Where as many were taken back as counted, the two sums differ by rounding only, and what was undone must not stay
    // listed for that; "by rounding" is asked as well, because a retraction may be known before its signal is.
    private ForwardScore LeftOf(ulong key, ForwardScore added, ForwardScore retracted)
    {
        var left = added.Less(retracted);
        return Count(key, CountWindow.All, 0) == 0 && left.IsRoundingOf(added) ? ForwardScore.Zero : left;
    }
}
