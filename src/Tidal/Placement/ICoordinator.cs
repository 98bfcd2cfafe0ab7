using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Keeps the routing table: compare-and-set and watch, as any coordination service offers them. It is needed to
/// <em>change</em> the cluster; no read, no write and no failover asks it. Safe for use by several threads.
/// </summary>
public interface ICoordinator
{
    /// <summary>The newest table.</summary>
    RoutingTable Current { get; }

    /// <summary>Replaces the table, if it still is the one that the change was made from.</summary>
    /// <param name="expectedVersion">The version that the change was made from.</param>
    /// <param name="next">The next table, of the version after that.</param>
    /// <returns>False when somebody else was first: read <see cref="Current"/> and try again.</returns>
    /// <exception cref="RoutingTableException">The next table breaks a rule (<see cref="RoutingTableRules"/>).</exception>
    bool TryReplace(ulong expectedVersion, RoutingTable next);

    /// <summary>Hears of every table from now on, each once, in order of version.</summary>
    /// <param name="heard">Called with the new table; must not block.</param>
    /// <returns>Ends the watch when disposed.</returns>
    IDisposable Watch(Action<RoutingTable> heard);
}

/// <summary>
/// A coordinator in memory, for one process. A watcher may itself replace the table or end its watch. Safe for use by several
/// threads.
/// </summary>
public sealed class InMemoryCoordinator : ICoordinator
{
    private readonly Topology _topology;
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private readonly Queue<RoutingTable> _untold = [];
    // Replaced under the lock, read without it: a table is immutable.
    private volatile RoutingTable _current;
    private bool _isTelling;

    /// <summary>A coordinator that begins with a table.</summary>
    /// <param name="topology">The cluster, whose tables it keeps.</param>
    /// <param name="table">The table; null for one without tenants.</param>
    public InMemoryCoordinator(Topology topology, RoutingTable? table = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        (_topology, _current) = (topology, table ?? RoutingTable.Empty);
    }

    /// <inheritdoc/>
    public RoutingTable Current => _current;

    /// <inheritdoc/>
    public bool TryReplace(ulong expectedVersion, RoutingTable next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (next.Version != expectedVersion + 1)
            throw new RoutingTableException($"Version {next.Version} does not follow version {expectedVersion}.");
        lock (_lock)
        {
            if (_current.Version != expectedVersion)
                return false;
            RoutingTableRules.Check(_current, next, _topology);
            _current = next;
            _untold.Enqueue(next);
            TellAll();
            return true;
        }
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action<RoutingTable> heard)
    {
        ArgumentNullException.ThrowIfNull(heard);
        lock (_lock)
        {
            var watcher = new Watcher(this, heard, _current.Version);
            _watchers.Add(watcher);
            return watcher;
        }
    }

    // A table that a watcher brings about is told when all have heard the one before.
    private void TellAll()
    {
        if (_isTelling)
            return;
        _isTelling = true;
        try
        {
            while (_untold.TryDequeue(out var table))
            {
                foreach (var watcher in _watchers.ToArray())
                    watcher.Tell(table);
            }
        }
        finally
        {
            _isTelling = false;
        }
    }

    private sealed class Watcher(InMemoryCoordinator coordinator, Action<RoutingTable> heard, ulong since) : IDisposable
    {
        private bool _hasEnded;

        public void Tell(RoutingTable table)
        {
            if (!_hasEnded && table.Version > since)
                heard(table);
        }

        public void Dispose()
        {
            lock (coordinator._lock)
            {
                _hasEnded = true;
                coordinator._watchers.Remove(this);
            }
        }
    }
}
