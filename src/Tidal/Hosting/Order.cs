namespace Tidal.Hosting;

/// <summary>Something that a thread of the cluster is to do between two inputs, and whoever waits for it.</summary>
internal abstract class Order
{
    /// <summary>Does it, on the thread that it was given to.</summary>
    public abstract void Carry();

    /// <summary>The thread has ended: it will not be done.</summary>
    public abstract void Cancel();
}

/// <summary>An order with a result.</summary>
internal sealed class Order<T>(Func<T> what) : Order
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override void Carry()
    {
        try
        {
            _done.TrySetResult(what());
        }
        catch (Exception failure)
        {
            _done.TrySetException(failure);
        }
    }

    public override void Cancel() => _done.TrySetException(new ObjectDisposedException(nameof(TidalCluster)));
}

/// <summary>A note of the host to one of its own threads, which nobody waits for.</summary>
internal sealed class Note(Action what) : Order
{
    public override void Carry() => what();

    public override void Cancel()
    {
    }
}
