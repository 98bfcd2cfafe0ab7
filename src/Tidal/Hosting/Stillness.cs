namespace Tidal.Hosting;

/// <summary>Threads that stand still until this is disposed. Used by one thread, not one of theirs.</summary>
internal sealed class Stillness : IDisposable
{
    private readonly ManualResetEventSlim _over = new();
    private readonly Task<bool>[] _arrivals;

    public Stillness(IReadOnlyList<HostThread> threads)
    {
        var arrived = threads.Select(_ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var held = threads.Select((thread, place) => thread.Ask(() => Hold(arrived[place]))).ToArray();
        // A thread that has ended never arrives, but its order is over.
        _arrivals = [.. arrived.Select((arrival, place) => Task.WhenAny(arrival.Task, held[place]).Unwrap())];
    }

    /// <summary>Waits until all stand still.</summary>
    /// <exception cref="TimeoutException">One did not in time.</exception>
    /// <exception cref="ObjectDisposedException">One has ended.</exception>
    public void Await(TimeSpan timeout)
    {
        var all = Task.WhenAll(_arrivals);
        if (Task.WaitAny([all], timeout) < 0)
            throw new TimeoutException($"{_arrivals.Count(arrival => !arrival.IsCompleted)} threads of the cluster did not stand still within {timeout}.");
        all.GetAwaiter().GetResult();
    }

    public void Dispose() => _over.Set();

    private bool Hold(TaskCompletionSource<bool> arrival)
    {
        arrival.SetResult(true);
        _over.Wait();
        return true;
    }
}
