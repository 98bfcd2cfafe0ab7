
namespace Tidal.Hosting;

/// <summary>
/// The thread of a node that waits for disks: takes all flushes that its replicas want, performs each, and tells their workers.
/// Meanwhile the workers go on, and what they write gathers for the next flush (group commit). At most one flush a replica waits.
/// </summary>
internal sealed class Flusher
{
    private readonly NodeHost _node;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private List<FlushCompletion> _wanted = [];
    private List<FlushCompletion> _taken = [];
    private bool _isEnding;
    private bool _isStarted;

    public Flusher(NodeHost node, string name)
    {
        _node = node;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Performs a flush, soon.</summary>
    public void Flush(FlushCompletion flush)
    {
        lock (_gate)
        {
            // Where no store waits for a disk there is no thread either.
            if (!_isStarted)
                _thread.Start();
            _isStarted = true;
            _wanted.Add(flush);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the thread once what is wanted is flushed.</summary>
    /// <returns>Whether it ended in time.</returns>
    public bool End(TimeSpan timeout)
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
            if (!_isStarted)
                return true;
        }
        return _thread.Join(timeout);
    }

    private void Run()
    {
        while (TakeAll())
        {
            foreach (var flush in _taken)
            {
                flush.Perform();
                _node.WorkerOf(flush.Address.Shard).Mailbox.PostAndWake(new Letter(default, flush.Address, flush), LetterKind.Order);
            }
            _taken.Clear();
        }
    }

    private bool TakeAll()
    {
        lock (_gate)
        {
            while (_wanted.Count == 0 && !_isEnding)
                Monitor.Wait(_gate);
            (_wanted, _taken) = (_taken, _wanted);
            return _taken.Count > 0;
        }
    }
}
