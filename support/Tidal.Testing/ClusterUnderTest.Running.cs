using Tidal.Schema;

namespace Tidal.Testing;

// Letting time pass. Nothing here sends, heals or polls anything into being: a wait only observes.
public abstract partial class ClusterUnderTest
{
    /// <summary>How long it has run, by its own clock.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(NowMicroseconds);

    /// <summary>The time by which waits are bounded: <see cref="Elapsed"/>, less what the machine did not give the cluster in real time.</summary>
    public virtual TimeSpan Waited => Elapsed;

    /// <summary>The true time: the start plus what has elapsed. A region's wall clock may differ.</summary>
    public DateTimeOffset Now => Options.Start + Elapsed;

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How much.</param>
    public abstract void Run(TimeSpan time);

    /// <summary>Lets time pass until something is so.</summary>
    /// <param name="condition">What to wait for; must only look.</param>
    /// <param name="bound">The longest wait.</param>
    /// <returns>Whether it came to be so within the bound.</returns>
    public abstract bool RunUntil(Func<bool> condition, TimeSpan bound);

    /// <summary>Lets time pass until something is so that is costly to look at.</summary>
    /// <param name="condition">What to wait for; must only look.</param>
    /// <param name="bound">The longest wait.</param>
    /// <param name="lookedAtEvery">How long after a look the next one comes.</param>
    /// <returns>Whether it came to be so within the bound.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan bound, TimeSpan lookedAtEvery)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var until = Waited + bound;
        while (!condition())
        {
            if (Waited >= until)
                return false;
            Run(lookedAtEvery);
        }
        return true;
    }

    /// <summary>Lets time pass until every call that clients made has its outcome, known or unknown.</summary>
    public abstract void RunUntilAnswered();

    /// <summary>Calls back at a time from now.</summary>
    /// <param name="delay">In how much time.</param>
    /// <param name="callback">What to do then.</param>
    public abstract void After(TimeSpan delay, Action callback);

    /// <summary>A task that completes after some time.</summary>
    /// <param name="delay">How much.</param>
    public Task Delay(TimeSpan delay)
    {
        var done = new TaskCompletionSource();
        After(delay, done.SetResult);
        return done.Task;
    }

    /// <summary>Lets time pass until a task is complete, and gives its result.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="task">A task that depends on this cluster alone.</param>
    /// <param name="bound">The longest wait.</param>
    /// <exception cref="TimeoutException">The bound was reached.</exception>
    public T Await<T>(Task<T> task, TimeSpan bound)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!RunUntilCompleted(task, bound))
            throw new TimeoutException($"Not done within {bound} of the cluster's time.");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Whether every shard of every region has a primary that answers.</summary>
    public bool HasAllPrimaries => Topology.Regions.All(region => Topology.Shards.All(shard => PrimaryOf(region, shard) is not null));

    /// <summary>
    /// Whether nothing is outstanding: all replicas are alive voters, each holds and has applied all that its primary has,
    /// and of each tenant every region that holds it holds what every other accepted.
    /// </summary>
    public bool IsQuiet => Look(() =>
        Topology.Regions.All(region => Topology.Shards.All(shard => IsGroupLevel(region, shard)))
        && Topology.Shards.All(AreRegionsLevel));

    /// <summary>Lets time pass until the cluster is quiet.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <returns>Whether it became quiet.</returns>
    public bool RunUntilQuiet(TimeSpan bound) => RunUntil(() => IsQuiet, bound, TimeSpan.FromMilliseconds(50));

    /// <summary>The present, in microseconds since it was founded.</summary>
    internal abstract long NowMicroseconds { get; }

    private protected abstract bool RunUntilCompleted(Task task, TimeSpan bound);

    private bool IsGroupLevel(RegionId region, ShardId shard)
    {
        if (PrimaryOf(region, shard) is not { } primary)
            return false;
        var replicas = Replicas(region, shard).ToList();
        return replicas.Count == Topology.ReplicaCount && replicas.TrueForAll(replica =>
            replica.Raft.IsVoter
            && replica.IsErasedOnDisk
            && replica.Raft.Log.LastIndex == primary.Raft.Log.LastIndex
            && replica.State.AppliedIndex == primary.Raft.Log.LastIndex);
    }

    private bool AreRegionsLevel(ShardId shard)
    {
        foreach (var tenant in Tenants)
        {
            if (HoldersOf(tenant).Select(region => MarksOf(tenant, region, shard)).Distinct().Skip(1).Any())
                return false;
        }
        return true;
    }

    private string MarksOf(TenantId tenant, RegionId region, ShardId shard) =>
        PrimaryOf(region, shard)!.State.Tenants.TryGetValue(tenant, out var held)
            ? string.Join(' ',
                from origin in held.Origins
                where origin.Value.Mark.Number > 0
                select $"{origin.Key.Ordinal}/{origin.Value.Mark.Epoch}/{origin.Value.Mark.Number}/{origin.Value.Mark.Crc:x8}")
            : "";
}
