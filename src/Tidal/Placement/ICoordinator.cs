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
    /// <exception cref="RoutingTableException">The next table's version does not follow.</exception>
    bool TryReplace(ulong expectedVersion, RoutingTable next);

    /// <summary>Hears of every table from now on, each once, in order of version.</summary>
    /// <param name="heard">Called with the new table; must not block.</param>
    /// <returns>Ends the watch when disposed.</returns>
    IDisposable Watch(Action<RoutingTable> heard);
}

/// <summary>A coordinator in memory, for one process.</summary>
public sealed class InMemoryCoordinator : ICoordinator
{
    private readonly Lock _lock = new();
    private readonly List<Action<RoutingTable>> _watchers = [];
    private RoutingTable _current = RoutingTable.Empty;

    /// <inheritdoc/>
    public RoutingTable Current
    {
        get
        {
            lock (_lock)
                return _current;
        }
    }

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
            _current = next;
            foreach (var watcher in _watchers)
                watcher(next);
            return true;
        }
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action<RoutingTable> heard)
    {
        lock (_lock)
            _watchers.Add(heard);
        return new Ending(this, heard);
    }

    private sealed class Ending(InMemoryCoordinator coordinator, Action<RoutingTable> heard) : IDisposable
    {
        public void Dispose()
        {
            lock (coordinator._lock)
                coordinator._watchers.Remove(heard);
        }
    }
}
