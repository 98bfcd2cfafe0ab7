using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>What waits for a thread: a message, a client's call, or an order.</summary>
internal readonly record struct Letter(Address From, Address To, object Body);

/// <summary>What kind of room a letter takes.</summary>
internal enum LetterKind
{
    /// <summary>Between replicas: dropped when there is no room, for the protocol repeats it.</summary>
    Replication,

    /// <summary>Between gateways and replicas, with room of its own: a follower's backlog shuts no client out.</summary>
    Gateway,

    /// <summary>A client's call.</summary>
    Call,

    /// <summary>An order of the host or of an operator; there are few, and none may be lost.</summary>
    Order,
}

/// <summary>What became of a letter.</summary>
internal enum Posted
{
    /// <summary>It waits.</summary>
    Taken,

    /// <summary>It waits, and its receiver sleeps: who posted it is to wake it.</summary>
    TakenAsleep,

    /// <summary>There was no room.</summary>
    NoRoom,

    /// <summary>The receiver has ended.</summary>
    Closed,
}

/// <summary>What waits for one thread now, and what was dropped so far. Immutable.</summary>
/// <param name="Thread">The thread's name.</param>
/// <param name="Messages">Messages that wait.</param>
/// <param name="Calls">Calls of clients that wait.</param>
/// <param name="Bytes">Bytes of log data that wait.</param>
/// <param name="Dropped">Messages dropped since the cluster started, because there was no room.</param>
public readonly record struct MailboxReading(string Thread, int Messages, int Calls, long Bytes, long Dropped);

/// <summary>
/// The bounded mailbox of a thread: any thread posts, one takes all that waits at once, so that a wake and a lock serve many
/// letters. What was taken and is not handled yet is outside the bounds: at most as much again. Posting never waits for the receiver.
/// </summary>
internal sealed class Mailbox(MailboxOptions options)
{
    private readonly object _gate = new();
    private readonly int[] _counts = new int[4];
    private Letter[] _waiting = new Letter[64];
    private Letter[] _taken = new Letter[64];
    private int _count;
    private int _takenCount;
    private long _bytes;
    private long _dropped;
    private bool _isAsleep;
    private bool _isWakeOwed;
    private bool _isClosed;

    /// <summary>Posts a letter, and leaves it to the caller to wake the receiver where that is the answer.</summary>
    public Posted Post(in Letter letter, LetterKind kind, int bytes = 0)
    {
        lock (_gate)
        {
            if (_isClosed)
                return Posted.Closed;
            if (!HasRoom(kind, bytes))
            {
                _dropped++;
                return Posted.NoRoom;
            }
            Add(letter, kind, bytes);
            if (!_isAsleep || _isWakeOwed)
                return Posted.Taken;
            _isWakeOwed = true;
            return Posted.TakenAsleep;
        }
    }

    /// <summary>Posts a letter and wakes the receiver at once: for who does not come back to wake it.</summary>
    public Posted PostAndWake(in Letter letter, LetterKind kind, int bytes = 0)
    {
        lock (_gate)
        {
            var posted = Post(letter, kind, bytes);
            if (posted is Posted.Taken or Posted.TakenAsleep)
                Wake();
            return posted;
        }
    }

    /// <summary>Wakes the receiver, if it sleeps.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWakeOwed = false;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes all that waits; good until the next call.</summary>
    public ReadOnlySpan<Letter> Take()
    {
        // What was handled is let go of, outside of the lock.
        _taken.AsSpan(0, _takenCount).Clear();
        lock (_gate)
        {
            (_waiting, _taken) = (_taken, _waiting);
            (_takenCount, _count, _bytes, _isWakeOwed) = (_count, 0, 0, false);
            Array.Clear(_counts);
        }
        return _taken.AsSpan(0, _takenCount);
    }

    /// <summary>Sleeps until a letter comes, or for so long.</summary>
    public void Sleep(long microseconds)
    {
        if (microseconds <= 0)
            return;
        lock (_gate)
        {
            if (_count > 0)
                return;
            _isAsleep = true;
            // Rounded up: woken too early it would only find that nothing is due.
            Monitor.Wait(_gate, (int)Math.Min((microseconds + 999) / 1000, 60_000));
            _isAsleep = false;
        }
    }

    /// <summary>Takes no letter any more.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
    }

    /// <summary>What waits, for people.</summary>
    public MailboxReading Read(string thread)
    {
        lock (_gate)
        {
            var messages = _counts[(int)LetterKind.Replication] + _counts[(int)LetterKind.Gateway];
            return new MailboxReading(thread, messages, _counts[(int)LetterKind.Call], _bytes, _dropped);
        }
    }

    private bool HasRoom(LetterKind kind, int bytes) => kind switch
    {
        LetterKind.Replication => _counts[(int)kind] < options.MessagesMax && (_bytes == 0 || _bytes + bytes <= options.BytesMax),
        LetterKind.Gateway => _counts[(int)kind] < options.MessagesMax,
        LetterKind.Call => _counts[(int)kind] < options.CallsMax,
        _ => true,
    };

    private void Add(in Letter letter, LetterKind kind, int bytes)
    {
        if (_count == _waiting.Length)
            Array.Resize(ref _waiting, 2 * _count);
        _waiting[_count++] = letter;
        _counts[(int)kind]++;
        _bytes += bytes;
    }
}
