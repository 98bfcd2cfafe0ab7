using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>
/// A set of numbers as sorted, disjoint intervals: a session's numbers come almost in order, so that it stays at one or
/// two intervals. Not safe for use by several threads.
/// </summary>
public sealed class NumberSet
{
    private readonly List<(ulong First, ulong Last)> _intervals = new(capacity: 1);

    /// <summary>The greatest number, or 0 when the set is empty.</summary>
    public ulong Highest => _intervals.Count == 0 ? 0 : _intervals[^1].Last;

    /// <summary>The intervals, in order.</summary>
    public IReadOnlyList<(ulong First, ulong Last)> Intervals => _intervals;

    /// <summary>Whether a number is in the set.</summary>
    /// <param name="number">The number.</param>
    public bool Contains(ulong number)
    {
        var place = LastStartingAtOrBefore(number);
        return place >= 0 && number <= _intervals[place].Last;
    }

    /// <summary>Puts a number in.</summary>
    /// <param name="number">The number.</param>
    /// <returns>Whether it was not there before.</returns>
    public bool Add(ulong number)
    {
        var before = LastStartingAtOrBefore(number);
        if (before >= 0 && number <= _intervals[before].Last)
            return false;
        var joinsBefore = before >= 0 && _intervals[before].Last + 1 == number;
        var joinsAfter = before + 1 < _intervals.Count && _intervals[before + 1].First == number + 1;
        if (joinsBefore && joinsAfter)
        {
            _intervals[before] = (_intervals[before].First, _intervals[before + 1].Last);
            _intervals.RemoveAt(before + 1);
        }
        else if (joinsBefore)
        {
            _intervals[before] = (_intervals[before].First, number);
        }
        else if (joinsAfter)
        {
            _intervals[before + 1] = (number, _intervals[before + 1].Last);
        }
        else
        {
            _intervals.Insert(before + 1, (number, number));
        }
        return true;
    }

    /// <summary>Adds the set to a digest.</summary>
    /// <param name="digest">The digest.</param>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.Add(_intervals.Count);
        foreach (var (first, last) in _intervals)
        {
            digest.Add(first);
            digest.Add(last);
        }
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    internal NumberSet Copy()
    {
        var copy = new NumberSet();
        copy._intervals.AddRange(_intervals);
        return copy;
    }

    internal static NumberSet Read(StateReader reader)
    {
        var set = new NumberSet();
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            set._intervals.Add((reader.ReadUInt64(), reader.ReadUInt64()));
        return set;
    }

    private int LastStartingAtOrBefore(ulong number)
    {
        var place = _intervals.Count - 1;
        while (place >= 0 && _intervals[place].First > number)
            place--;
        return place;
    }
}
