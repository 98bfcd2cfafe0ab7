using Tidal.Log;

namespace Tidal.Replication;

/// <summary>
/// Some of the records of an array, in their order: what a call writes to one shard, without a copy of it. Immutable as long as
/// nobody changes the arrays; safe to share between threads.
/// </summary>
public readonly struct RecordSelection
{
    private readonly LogRecord[] _all;
    private readonly int[]? _places;
    private readonly int _start;

    /// <summary>All records of an array.</summary>
    /// <param name="all">The records; not to be changed any more.</param>
    public RecordSelection(LogRecord[] all)
    {
        ArgumentNullException.ThrowIfNull(all);
        (_all, Count) = (all, all.Length);
    }

    /// <summary>The records at some places of an array.</summary>
    /// <param name="all">The records; not to be changed any more.</param>
    /// <param name="places">Where they stand there; not to be changed any more.</param>
    /// <param name="start">The first of the places taken.</param>
    /// <param name="count">How many places are taken.</param>
    public RecordSelection(LogRecord[] all, int[] places, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(places);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)places.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(places.Length - start));
        (_all, _places, _start, Count) = (all, places, start, count);
    }

    private RecordSelection(LogRecord[] all, int[]? places, int start, int count, bool _) => (_all, _places, _start, Count) = (all, places, start, count);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>A record.</summary>
    /// <param name="index">Which of these, from 0.</param>
    public ref readonly LogRecord this[int index] => ref _all[PlaceOf(index)];

    /// <summary>The one record.</summary>
    /// <param name="record">The record.</param>
    public static RecordSelection Of(in LogRecord record) => new([record]);

    /// <summary>Where a record stands in the array.</summary>
    /// <param name="index">Which of these, from 0.</param>
    public int PlaceOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return _places is null ? _start + index : _places[_start + index];
    }

    /// <summary>Some of these in a row.</summary>
    /// <param name="index">The first.</param>
    /// <param name="count">How many.</param>
    internal RecordSelection Slice(int index, int count) => new(_all, _places, _start + index, count, false);

    /// <summary>Which of these stands at a place of the array; negative if none does.</summary>
    internal int IndexOf(int place)
    {
        if (_places is not null)
            return _places.AsSpan(_start, Count).IndexOf(place);
        return place >= _start && place < _start + Count ? place - _start : -1;
    }

    /// <summary>Those of these that are named, at the same places.</summary>
    internal RecordSelection Only(List<int> indexes) => new(_all, [.. indexes.Select(PlaceOf)], 0, indexes.Count);

    /// <summary>The same records with an attempt each, at the same places of another array: what was sent is not changed.</summary>
    internal RecordSelection WithAttempts(Func<int, byte> attemptOf)
    {
        var all = new LogRecord[_all.Length];
        for (var index = 0; index < Count; index++)
            all[PlaceOf(index)] = this[index] with { Attempt = attemptOf(index) };
        return new RecordSelection(all, _places, _start, Count, false);
    }
}
