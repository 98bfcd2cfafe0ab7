using System.Globalization;
using System.Text.Json;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A coordinator that keeps the routing table in a store: a file a version, each durable before anybody hears of it, so that a cluster
/// that starts again has its tenants where it left them. Safe for use by several threads. Disposing it lets the store go.
/// </summary>
public sealed class StoredCoordinator : ICoordinator, IDisposable
{
    private const string Prefix = "table-";

    private readonly Lock _lock = new();
    private readonly ILogStore _store;
    private readonly Topology _topology;
    private readonly InMemoryCoordinator _tables;

    /// <summary>Takes up what a store holds.</summary>
    /// <param name="store">The store, empty at first.</param>
    /// <param name="topology">The cluster, whose tables it keeps.</param>
    /// <exception cref="RoutingTableException">The store holds something else than a routing table.</exception>
    public StoredCoordinator(ILogStore store, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _topology) = (store, topology);
        _tables = new InMemoryCoordinator(topology, Recover());
    }

    /// <inheritdoc/>
    public RoutingTable Current => _tables.Current;

    /// <inheritdoc/>
    public bool TryReplace(ulong expectedVersion, RoutingTable next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_lock)
        {
            if (Current.Version != expectedVersion)
                return false;
            RoutingTableRules.Check(Current, next, _topology);
            Keep(next);
            return _tables.TryReplace(expectedVersion, next);
        }
    }

    /// <inheritdoc/>
    public IDisposable Watch(Action<RoutingTable> heard) => _tables.Watch(heard);

    /// <inheritdoc/>
    public void Dispose() => (_store as IDisposable)?.Dispose();

    private void Keep(RoutingTable table)
    {
        var file = NameOf(table.Version);
        _store.Append(file, JsonSerializer.SerializeToUtf8Bytes(StoredTable.Of(table)));
        _store.Flush();
        foreach (var older in Files().Where(name => name != file))
            _store.Delete(older);
    }

    // A file that a crash cut short was heard of by nobody: the one before it is still there.
    private RoutingTable Recover()
    {
        var files = Files().ToList();
        for (var place = files.Count - 1; place >= 0; place--)
        {
            if (Read(files[place]) is { } table)
                return table;
            _store.Delete(files[place]);
        }
        return files.Count == 0 ? RoutingTable.Empty : throw new RoutingTableException($"None of {string.Join(", ", files)} holds a routing table.");
    }

    private RoutingTable? Read(string file)
    {
        var bytes = new byte[_store.Length(file)];
        _store.Read(file, 0, bytes);
        try
        {
            return JsonSerializer.Deserialize<StoredTable>(bytes)?.ToTable();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private IEnumerable<string> Files() => _store.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static string NameOf(ulong version) => Prefix + version.ToString("D20", CultureInfo.InvariantCulture);
}
