using Tidal.Crdt;

namespace Tidal.Replication;

/// <summary>
/// The numbers of a session's operations of which an origin log holds a record of one kind, first attempts and later ones
/// told apart: a first attempt voids the later ones, in whatever log. Most sessions have no later ones. Not safe for use by
/// several threads.
/// </summary>
internal sealed class AttemptNumbers
{
    private readonly NumberSet _first;
    private NumberSet? _later;

    public AttemptNumbers()
        : this(new NumberSet())
    {
    }

    private AttemptNumbers(NumberSet first) => _first = first;

    /// <summary>First attempts at all numbers from one to another.</summary>
    public static AttemptNumbers Row(ulong first, ulong last) => new(new NumberSet(first, last));

    /// <summary>The two ends, when that is all that is held.</summary>
    public (ulong First, ulong Last)? OnlyRow => _later is null && _first.Intervals.Count == 1 && _first.Highest > 0 ? _first.Intervals[0] : null;

    /// <summary>The greatest number held.</summary>
    public ulong Highest => Math.Max(_first.Highest, _later?.Highest ?? 0);

    /// <summary>Intervals in all: what the numbers cost.</summary>
    public int Intervals => _first.Intervals.Count + (_later?.Intervals.Count ?? 0);

    /// <summary>Puts a number in.</summary>
    public bool Add(ulong number, bool isFirst) => (isFirst ? _first : _later ??= new NumberSet()).Add(number);

    /// <summary>Whether a number is held.</summary>
    public bool Holds(ulong number) => _first.Contains(number) || (_later?.Contains(number) ?? false);

    /// <summary>Whether a number is held as a first attempt.</summary>
    public bool HoldsFirst(ulong number) => _first.Contains(number);

    /// <summary>Whether a number would stand alone, next to no other.</summary>
    public bool StandsAlone(ulong number, bool isFirst)
    {
        var numbers = isFirst ? _first : _later;
        return numbers is null || !(numbers.Contains(number) || numbers.Contains(number - 1) || (number < ulong.MaxValue && numbers.Contains(number + 1)));
    }

    /// <summary>Adds the numbers to a digest.</summary>
    public static void AddTo(StateWriter digest, AttemptNumbers? numbers)
    {
        (numbers?._first ?? new NumberSet()).AddTo(digest);
        (numbers?._later ?? new NumberSet()).AddTo(digest);
    }

    /// <summary>Reads the numbers back.</summary>
    /// <returns>Null when there are none.</returns>
    public static AttemptNumbers? Read(StateReader reader)
    {
        var (first, later) = (NumberSet.Read(reader), NumberSet.Read(reader));
        if (first.Intervals.Count + later.Intervals.Count == 0)
            return null;
        var numbers = new AttemptNumbers(first);
        numbers._later = later.Intervals.Count == 0 ? null : later;
        return numbers;
    }
}
