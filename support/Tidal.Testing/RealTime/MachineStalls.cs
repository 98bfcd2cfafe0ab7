using Tidal.Replication.Raft;

namespace Tidal.Testing.RealTime;

/// <summary>
/// Tells when the machine gave this process no time: a thread that sleeps briefly, again and again, and is woken late. What stands still
/// with the process is no fault of the cluster's, but may depose its primaries all the same; so a wait is given the time back that the machine
/// took, and what it takes to elect them anew. Pauses of the garbage collector are the product's own and are not given back. All but
/// <see cref="OnWoken"/> is safe for use by several threads.
/// </summary>
internal sealed class MachineStalls
{
    /// <summary>Stalls that are excused in the life of a cluster: a machine that stands still all the time proves nothing.</summary>
    public const int ExcusedMax = 5;

    /// <summary>How long the watching thread sleeps at a time, in microseconds.</summary>
    public const long NapMicroseconds = 20_000;

    private const long NoticedMicroseconds = 250_000;

    /// <summary>What regions take to find each other after all their groups have elected at once: 0.35 s at most in 40 simulated runs.</summary>
    private static readonly TimeSpan Finding = TimeSpan.FromSeconds(0.4);

    private readonly RaftOptions _raft;
    private readonly Action<TimeSpan> _noticed;
    private long _woken;
    private TimeSpan _paused;
    private long _excused;
    private int _stalls;

    /// <summary>Begins to watch.</summary>
    /// <param name="now">When, in microseconds.</param>
    /// <param name="paused">How long the garbage collector has let all threads stand still so far.</param>
    /// <param name="raft">The groups': how long a primary may be silent, and how long it takes to elect another.</param>
    /// <param name="noticed">Told of every stall that is excused, on the watching thread.</param>
    public MachineStalls(long now, TimeSpan paused, RaftOptions raft, Action<TimeSpan> noticed) =>
        (_woken, _paused, _raft, _noticed) = (now, paused, raft, noticed);

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
            Interlocked.Add(ref _excused, late + RecoveryOf(late));
            _noticed(TimeSpan.FromMicroseconds(late));
        }
        // Last: who sees it sees what is excused.
        Interlocked.Exchange(ref _woken, now);
    }

    private long RecoveryOf(long late) => late + NapMicroseconds < _raft.ElectionTimeoutMin.TotalMicroseconds
        ? 0
        : (long)(_raft.ElectionTimeoutMax + Finding).TotalMicroseconds;
}

/// <summary>The thread that sleeps briefly, again and again, until it is disposed of.</summary>
internal sealed class StallThread : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Thread _thread;

    /// <summary>Begins to sleep.</summary>
    /// <param name="nowMicroseconds">The clock.</param>
    /// <param name="raft">The groups'.</param>
    /// <param name="noticed">Told of every stall that is excused, on this thread.</param>
    public StallThread(Func<long> nowMicroseconds, RaftOptions raft, Action<TimeSpan> noticed)
    {
        Stalls = new MachineStalls(nowMicroseconds(), GC.GetTotalPauseDuration(), raft, noticed);
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
