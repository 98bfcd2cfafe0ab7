using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A thread of the cluster and the machines on it: takes what is in its mailbox, hands it to them, sees to what they want of the
/// world, lets time pass for those that have something to do, and sleeps until the next deadline or the next letter.
/// </summary>
internal abstract class HostThread
{
    /// <summary>After so many letters the clock is read again, what was written is flushed, and what is due is done.</summary>
    private const int LettersPerRound = 64;

    [ThreadStatic]
    private static HostThread? _current;

    private readonly List<Mailbox> _owed = [];
    private readonly Thread _thread;
    private readonly Action _finishRound;
    private readonly Action _tickAndFinish;
    private bool _isEnding;

    protected HostThread(HostContext context, string name)
    {
        Context = context;
        Mailbox = new Mailbox(context.Options.Mailbox);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        (_finishRound, _tickAndFinish) = (FinishRound, TickAndFinish);
    }

    /// <summary>The thread of the cluster that the caller runs on, if it is one.</summary>
    public static HostThread? Current => _current;

    /// <summary>What waits for it.</summary>
    public Mailbox Mailbox { get; }

    /// <summary>What waits for it, for people.</summary>
    public MailboxReading Reading => Mailbox.Read(_thread.Name!);

    protected HostContext Context { get; }

    /// <summary>The clocks, as read at the beginning of the round.</summary>
    protected ClockReading Now { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>Waits until the thread has ended.</summary>
    /// <returns>Whether it did in time.</returns>
    public bool Join(TimeSpan timeout) => (_thread.ThreadState & ThreadState.Unstarted) != 0 || _thread.Join(timeout);

    /// <summary>Posts a letter from whatever thread; one of the cluster wakes its receivers at the end of its round.</summary>
    public Posted Post(in Letter letter, LetterKind kind, int bytes = 0)
    {
        if (_current is not { } sender)
            return Mailbox.PostAndWake(letter, kind, bytes);
        var posted = Mailbox.Post(letter, kind, bytes);
        if (posted == Posted.TakenAsleep)
            sender._owed.Add(Mailbox);
        return posted;
    }

    /// <summary>Has something done on this thread.</summary>
    public Task<T> Ask<T>(Func<T> what)
    {
        var order = new Order<T>(what);
        if (Mailbox.PostAndWake(new Letter(default, default, order), LetterKind.Order) == Posted.Closed)
            order.Cancel();
        return order.Done;
    }

    /// <summary>Has something done on this thread, and does not wait for it.</summary>
    public void Tell(Action what) => Post(new Letter(default, default, new Note(what)), LetterKind.Order);

    /// <summary>Ends the thread after what is in its mailbox.</summary>
    public void End() => Tell(() => _isEnding = true);

    /// <summary>When a machine has something to do by itself, monotonic microseconds.</summary>
    protected abstract long NextDeadlineMicroseconds { get; }

    /// <summary>Handles a message or a call.</summary>
    protected abstract void Handle(in Letter letter);

    /// <summary>Lets time pass for the machines that are due.</summary>
    protected abstract void Tick();

    /// <summary>The machines have failed in a way that is not one replica's.</summary>
    protected abstract void OnFailed(Exception failure);

    /// <summary>Sees to what a round's inputs have left to do.</summary>
    protected virtual void FinishRound()
    {
    }

    /// <summary>The last thing that the thread does.</summary>
    protected virtual void OnEnding()
    {
    }

    /// <summary>A letter that came too late.</summary>
    protected virtual void OnUndelivered(in Letter letter)
    {
    }

    private void Run()
    {
        _current = this;
        while (!_isEnding)
        {
            HandleAll(Mailbox.Take());
            if (!_isEnding)
                Mailbox.Sleep(NextDeadlineMicroseconds - Context.Clock.NowMicroseconds);
        }
        Guarded(OnEnding);
        WakeReceivers();
        Mailbox.Close();
        foreach (var letter in Mailbox.Take())
            TurnAway(letter);
        WakeReceivers();
    }

    // At least one round: time passes without letters too.
    private void HandleAll(ReadOnlySpan<Letter> letters)
    {
        do
        {
            var round = letters[..Math.Min(letters.Length, LettersPerRound)];
            letters = letters[round.Length..];
            Now = Context.Clock.Read();
            foreach (var letter in round)
                HandleOne(letter);
            Guarded(_finishRound);
            if (NextDeadlineMicroseconds <= Now.MonotonicMicroseconds)
                Guarded(_tickAndFinish);
            WakeReceivers();
        }
        while (letters.Length > 0);
    }

    private void TickAndFinish()
    {
        Tick();
        FinishRound();
    }

    private void HandleOne(in Letter letter)
    {
        try
        {
            if (letter.Body is Order order)
                Carry(order);
            else
                Handle(letter);
        }
        catch (Exception failure)
        {
            OnFailed(failure);
        }
    }

    // An order may hold the thread up: nobody else must wait for that.
    private void Carry(Order order)
    {
        WakeReceivers();
        order.Carry();
    }

    private void TurnAway(in Letter letter)
    {
        if (letter.Body is Order order)
            order.Cancel();
        else
            OnUndelivered(letter);
    }

    private void Guarded(Action what)
    {
        try
        {
            what();
        }
        catch (Exception failure)
        {
            OnFailed(failure);
        }
    }

    private void WakeReceivers()
    {
        for (var place = 0; place < _owed.Count; place++)
            _owed[place].Wake();
        _owed.Clear();
    }
}
