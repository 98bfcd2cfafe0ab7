using System.Collections.Concurrent;

namespace Tidal.Testing.RealTime;

/// <summary>
/// What clients of a cluster in real time do, on one thread: that of the test, while it lets time pass. Completed calls, callbacks
/// and what the cluster's threads have to tell wait in a queue until then, so that all who talk to the cluster may be written for
/// one thread, as in a simulation. Posting is safe from any thread; all else is for the one.
/// </summary>
internal sealed class PumpedThread(Func<long> nowMicroseconds) : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly PriorityQueue<Action, (long At, long Order)> _timed = new();
    private readonly AutoResetEvent _arrived = new(false);
    private long _order;

    /// <summary>Has something done, from whatever thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _arrived.Set();
    }

    /// <summary>Has something done at a time.</summary>
    public void At(long microseconds, Action action) => _timed.Enqueue(action, (microseconds, _order++));

    /// <summary>Does all that there is to do, and sleeps until there is more, up to a time.</summary>
    public void DoAndSleep(long until)
    {
        DoAll();
        var next = _timed.TryPeek(out _, out var first) ? Math.Min(first.At, until) : until;
        var sleep = next - nowMicroseconds();
        if (sleep > 0 && _posted.IsEmpty)
            _arrived.WaitOne(TimeSpan.FromMicroseconds(sleep));
    }

    /// <inheritdoc/>
    public void Dispose() => _arrived.Dispose();

    /// <summary>Does all that there is to do by now: what is posted meanwhile comes next time, so that the caller can look at its clock.</summary>
    public void DoAll()
    {
        for (var posted = _posted.Count; posted > 0 && _posted.TryDequeue(out var action); posted--)
            action();
        while (_timed.TryPeek(out var due, out var at) && at.At <= nowMicroseconds())
        {
            _timed.Dequeue();
            due();
        }
    }
}
