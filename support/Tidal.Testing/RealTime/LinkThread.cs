using Tidal.Replication;

namespace Tidal.Testing.RealTime;

/// <summary>
/// Lets messages take their time between regions: a thread that hands each on when it is due, in the order of their times. What is
/// under way when it ends is lost. Safe for use by several threads.
/// </summary>
/// <param name="nowMicroseconds">The present.</param>
/// <param name="arrive">Told of each message that is due.</param>
internal sealed class LinkThread(Func<long> nowMicroseconds, Action<Address, Address, Message> arrive) : IDisposable
{
    private readonly object _lock = new();
    private readonly PriorityQueue<(Address From, Address To, Message Message), (long At, long Order)> _underWay = new();
    private Thread? _thread;
    private long _order;
    private bool _isOver;

    /// <summary>Sends a message on its way.</summary>
    public void Carry(Address from, Address to, Message message, long arrivesAt)
    {
        lock (_lock)
        {
            _underWay.Enqueue((from, to, message), (arrivesAt, _order++));
            if (_thread is null)
                Start();
            Monitor.Pulse(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            Monitor.Pulse(_lock);
        }
        _thread?.Join();
    }

    private void Start()
    {
        _thread = new Thread(Run) { Name = "links between regions", IsBackground = true };
        _thread.Start();
    }

    private void Run()
    {
        while (TryTakeDue(out var message))
            arrive(message.From, message.To, message.Message);
    }

    private bool TryTakeDue(out (Address From, Address To, Message Message) message)
    {
        lock (_lock)
        {
            while (!_isOver)
            {
                var wait = _underWay.TryPeek(out _, out var next) ? next.At - nowMicroseconds() : long.MaxValue;
                if (wait <= 0)
                {
                    message = _underWay.Dequeue();
                    return true;
                }
                Monitor.Wait(_lock, wait == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(wait / 1000 + 1));
            }
        }
        message = default;
        return false;
    }
}
