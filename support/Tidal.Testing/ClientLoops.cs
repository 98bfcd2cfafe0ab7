namespace Tidal.Testing;

/// <summary>What clients of a cluster do again and again, each by itself, until they are told to stop. Not safe for use by several threads.</summary>
internal sealed class ClientLoops(ClusterUnderTest cluster)
{
    private readonly List<Task> _loops = [];
    private bool _hasEnded;

    /// <summary>Whether all have stopped.</summary>
    public bool AreOver => _loops.TrueForAll(loop => loop.IsCompleted);

    /// <summary>Begins another one.</summary>
    /// <param name="once">What is done each time; told how often it was done before.</param>
    /// <param name="pause">How long to wait before it is done again.</param>
    public void Add(Func<int, Task> once, TimeSpan pause) => _loops.Add(RepeatAsync(once, pause));

    /// <summary>Nothing is begun anew; what is under way ends by itself.</summary>
    public void End() => _hasEnded = true;

    /// <summary>Lets everything come to its end; nothing is begun anew.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">Something did not.</exception>
    public void End(TimeSpan bound)
    {
        End();
        if (!cluster.RunUntil(() => AreOver, bound))
            throw new TimeoutException($"A call of the clients is not completed after {bound}.");
        MustNotHaveFailed();
    }

    /// <summary>Throws what went wrong in one that has stopped.</summary>
    public void MustNotHaveFailed()
    {
        foreach (var loop in _loops.Where(loop => loop.IsFaulted))
            loop.GetAwaiter().GetResult();
    }

    private async Task RepeatAsync(Func<int, Task> once, TimeSpan pause)
    {
        for (var done = 0; !_hasEnded; done++)
        {
            await once(done).ConfigureAwait(false);
            await cluster.Delay(pause).ConfigureAwait(false);
        }
    }
}
