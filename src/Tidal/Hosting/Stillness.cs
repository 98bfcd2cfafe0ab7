namespace Tidal.Hosting;

/// <summary>
/// Threads that stand still until this is disposed. Waits without the thread pool: whoever looks may be one of those that keep it busy, and
/// every thread of the cluster would stand still until it has room. Used by one thread, not one of theirs.
/// </summary>
internal sealed class Stillness : IDisposable
{
    /// <summary>How often it is looked whether a thread has ended, which never arrives.</summary>
    private static readonly TimeSpan LookAfterEnded = TimeSpan.FromMilliseconds(20);

    // None of the two is disposed of: a thread that comes late still uses them, and neither holds anything of the system's.
    private readonly ManualResetEventSlim _over = new();
    private readonly CountdownEvent _outstanding;
    private readonly Task<bool>[] _held;

    public Stillness(IReadOnlyList<HostThread> threads)
    {
        _outstanding = new CountdownEvent(threads.Count);
        _held = [.. threads.Select(thread => thread.Ask(Hold))];
    }

    /// <summary>Waits until all stand still.</summary>
    /// <exception cref="TimeoutException">One did not in time.</exception>
    /// <exception cref="ObjectDisposedException">One has ended.</exception>
    public void Await(TimeSpan timeout)
    {
        for (var left = timeout; !_outstanding.Wait(LookAfterEnded); left -= LookAfterEnded)
        {
            Array.Find(_held, held => held.IsCompleted)?.GetAwaiter().GetResult();
            if (left <= TimeSpan.Zero)
                throw new TimeoutException($"{_outstanding.CurrentCount} threads of the cluster did not stand still within {timeout}.");
        }
    }

    public void Dispose() => _over.Set();

    private bool Hold()
    {
        _outstanding.Signal();
        _over.Wait();
        return true;
    }
}
