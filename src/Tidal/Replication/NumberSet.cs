using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>
/// A set of numbers as sorted, disjoint intervals: a session's numbers come almost in order, so that it stays at one or
/// two intervals. Not safe for use by several threads.
/// </summary>
public sealed class NumberSet
{
    private readonly List<(ulong First, ulong Last)> _intervals = new(capacity: 1);

    /// <summary>The empty set.</summary>
    public NumberSet()
    {
    }

    /// <summary>All numbers from one to another, both included.</summary>
    internal NumberSet(ulong first, ulong last) => _intervals.Add((first, last));

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

    /// <summary>Puts all numbers of another set in.</summary>
    /// <param name="other">The other set.</param>
    public void UnionWith(NumberSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var sorted = _intervals.Concat(other._intervals).Order().ToList();
        _intervals.Clear();
        foreach (var (first, last) in sorted)
        {
            // Written so that the greatest number does not overflow.
            if (_intervals.Count > 0 && (first == 0 || first - 1 <= _intervals[^1].Last))
                _intervals[^1] = (_intervals[^1].First, Math.Max(last, _intervals[^1].Last));
            else
                _intervals.Add((first, last));
        }
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

    /// <summary>Reads back a set.</summary>
    /// <param name="reader">At what <see cref="AddTo"/> has written.</param>
    /// <exception cref="SnapshotDamagedException">There is none.</exception>
    public static NumberSet Read(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var set = new NumberSet();
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            set._intervals.Add((reader.ReadUInt64(), reader.ReadUInt64()));
        return set;
    }

    private int LastStartingAtOrBefore(ulong number)
    {
        // The usual case: a session's next number.
        if (_intervals.Count > 0 && _intervals[^1].First <= number)
            return _intervals.Count - 1;
        var (low, high) = (0, _intervals.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_intervals[middle].First <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}
