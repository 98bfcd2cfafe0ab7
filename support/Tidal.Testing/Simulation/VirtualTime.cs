using Tidal.Replication;

namespace Tidal.Testing.Simulation;

/// <summary>Something that virtual time calls.</summary>
internal interface IActor
{
    /// <summary>Takes what was due.</summary>
    void Handle(in DueEvent due);
}

/// <summary>What an event is to its actor.</summary>
internal enum DueKind : byte
{
    /// <summary>A message arrives.</summary>
    Delivery,

    /// <summary>The actor asked to be woken.</summary>
    Wake,

    /// <summary>A flush that the actor began is done.</summary>
    Flush,

    /// <summary>A callback.</summary>
    Call,
}

/// <summary>An event that is due.</summary>
internal struct DueEvent
{
    public IActor? Actor;
    public Message? Message;
    public Action? Callback;
    public Address From;
    public Address To;
    public long Token;
    public DueKind Kind;
}

/// <summary>
/// Virtual time: events in order of their time, and of equal times in the order they were made, so that a run is a function
/// of its seed. A binary heap of keys over pooled events; not safe for use by several threads.
/// </summary>
internal sealed class VirtualTime
{
    private readonly record struct Key(long Time, long Order, int Slot);

    private readonly Stack<int> _free = new();
    private DueEvent[] _events = new DueEvent[1024];
    private Key[] _heap = new Key[1024];
    private int _count;
    private int _slots;
    private long _order;

    /// <summary>The present, in microseconds since the simulation began.</summary>
    public long NowMicroseconds { get; private set; }

    /// <summary>Events handled so far.</summary>
    public long EventsHandled { get; private set; }

    /// <summary>Makes an event due at a time.</summary>
    public void At(long time, in DueEvent due)
    {
        var slot = _free.Count > 0 ? _free.Pop() : TakeNewSlot();
        _events[slot] = due;
        Push(new Key(Math.Max(time, NowMicroseconds), _order++, slot));
    }

    /// <summary>Calls back at a time.</summary>
    public void At(long time, Action callback) => At(time, new DueEvent { Kind = DueKind.Call, Callback = callback });

    /// <summary>Handles the next event, if one is due by a time; else the present moves on to it.</summary>
    /// <returns>Whether one was handled.</returns>
    public bool Step(long until)
    {
        if (_count == 0 || _heap[0].Time > until)
        {
            NowMicroseconds = Math.Max(NowMicroseconds, until);
            return false;
        }
        var next = Pop();
        NowMicroseconds = next.Time;
        EventsHandled++;
        var due = _events[next.Slot];
        _events[next.Slot] = default;
        _free.Push(next.Slot);
        if (due.Kind == DueKind.Call)
            due.Callback!();
        else
            due.Actor!.Handle(due);
        return true;
    }

    private int TakeNewSlot()
    {
        if (_slots == _events.Length)
            Array.Resize(ref _events, _slots * 2);
        return _slots++;
    }

    private static bool IsBefore(in Key left, in Key right) =>
        left.Time != right.Time ? left.Time < right.Time : left.Order < right.Order;

    private void Push(in Key key)
    {
        if (_count == _heap.Length)
            Array.Resize(ref _heap, _count * 2);
        var place = _count++;
        while (place > 0 && IsBefore(key, _heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        _heap[place] = key;
    }

    private Key Pop()
    {
        var first = _heap[0];
        var moved = _heap[--_count];
        var place = 0;
        while (true)
        {
            var child = 2 * place + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], moved))
                break;
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = moved;
        return first;
    }
}
