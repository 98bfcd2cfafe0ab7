namespace Tidal.Testing.RealTime;

/// <summary>
/// Tells when the machine gave this process no time: a thread that sleeps briefly, again and again, and is woken late. What stands still
/// with the process is no fault of the cluster's, but deposes its primaries all the same; so a wait is given the time back that the machine
/// took, and what it takes to elect them anew. Pauses of the garbage collector are the product's own and are not given back. All but
/// <see cref="OnWoken"/> is safe for use by several threads.
/// </summary>
internal sealed class MachineStalls
{
    /// <summary>Stalls that are excused in the life of a cluster: a machine that stands still all the time proves nothing.</summary>
    public const int ExcusedMax = 5;

    /// <summary>How long the watching thread sleeps at a time, in microseconds.</summary>
    public const long NapMicroseconds = 20_000;

    /// <summary>Less than the shortest election timeout: whatever may depose a primary is noticed.</summary>
    private const long NoticedMicroseconds = 250_000;

    /// <summary>Elections of all groups at once, and the regions finding each other after them: 0.95 s at most in 40 simulated runs.</summary>
    private const long RecoveryMicroseconds = 1_000_000;

    private readonly Action<TimeSpan> _noticed;
    private long _woken;
    private TimeSpan _paused;
    private long _excused;
    private int _stalls;

    /// <summary>Begins to watch.</summary>
    /// <param name="now">When, in microseconds.</param>
    /// <param name="paused">How long the garbage collector has let all threads stand still so far.</param>
    /// <param name="noticed">Told of every stall that is excused, on the watching thread.</param>
    public MachineStalls(long now, TimeSpan paused, Action<TimeSpan> noticed) => (_woken, _paused, _noticed) = (now, paused, noticed);

    /// <summary>What waits are given back so far, in microseconds.</summary>
    public long ExcusedMicroseconds => Interlocked.Read(ref _excused);

    /// <summary>The time by which waits end, in microseconds: up to when it is known whether the machine stood still, less what is given back.</summary>
    public long WaitedMicroseconds => Interlocked.Read(ref _woken) - ExcusedMicroseconds;

    /// <summary>Notes that the watching thread was woken.</summary>
    /// <param name="now">When, in microseconds.</param>
    /// <param name="paused">How long the garbage collector has let all threads stand still so far.</param>
    public void OnWoken(long now, TimeSpan paused)
    {
        var late = now - _woken - NapMicroseconds - (long)(paused - _paused).TotalMicroseconds;
        _paused = paused;
        if (late >= NoticedMicroseconds && _stalls < ExcusedMax)
        {
            _stalls++;
            Interlocked.Add(ref _excused, late + RecoveryMicroseconds);
            _noticed(TimeSpan.FromMicroseconds(late));
        }
        // Last: who sees it sees what is excused.
        Interlocked.Exchange(ref _woken, now);
    }
}

/// <summary>The thread that sleeps briefly, again and again, until it is disposed of.</summary>
internal sealed class StallThread : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Thread _thread;

    /// <summary>Begins to sleep.</summary>
    /// <param name="nowMicroseconds">The clock.</param>
    /// <param name="noticed">Told of every stall that is excused, on this thread.</param>
    public StallThread(Func<long> nowMicroseconds, Action<TimeSpan> noticed)
    {
        Stalls = new MachineStalls(nowMicroseconds(), GC.GetTotalPauseDuration(), noticed);
        _thread = new Thread(() => Watch(nowMicroseconds)) { IsBackground = true, Name = "machine stalls" };
        _thread.Start();
    }

    /// <summary>What it has noticed.</summary>
    public MachineStalls Stalls { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _thread.Join();
        _ended.Dispose();
    }

    private void Watch(Func<long> nowMicroseconds)
    {
        while (!_ended.Token.WaitHandle.WaitOne(TimeSpan.FromMicroseconds(MachineStalls.NapMicroseconds)))
            Stalls.OnWoken(nowMicroseconds(), GC.GetTotalPauseDuration());
    }
}
