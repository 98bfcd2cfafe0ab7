using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

// The start: tenants, stores, threads, primaries.
public sealed partial class TidalCluster
{
    private StoredCoordinator? _ownCoordinator;

    private StoredCoordinator? OpenCoordinator() => Options.DataDirectory is { } directory
        ? _ownCoordinator = new StoredCoordinator(FileLogStore.Open(Path.Combine(directory, "routing")), Topology)
        : null;

    private void PlaceTenants(ICoordinator coordinator)
    {
        foreach (var tenant in Options.Tenants)
        {
            // What a coordinator has kept says where the tenant is by now.
            var table = coordinator.Current;
            var id = table.Find(tenant.Name)?.Tenant ?? new TenantId((uint)_schemas.Count + 1);
            if (table.Find(tenant.Name) is null)
                coordinator.TryReplace(table.Version, table.With(PlacementOf(tenant, id)));
            _schemas.Add(id, tenant.Schema);
        }
    }

    private TenantPlacement PlacementOf(HostedTenant tenant, TenantId id) =>
        new(id, tenant.Name, [.. tenant.Regions?.Select(Topology.Region) ?? Topology.Regions])
        {
            Residency = tenant.Residency is { } allowed ? [.. allowed.Select(Topology.Region)] : null,
            Quotas = tenant.Quotas,
        };

    private ILogStore StoreOf(Address replica)
    {
        if (Options.DataDirectory is { } directory)
        {
            return FileLogStore.Open(
                Path.Combine(directory, $"region-{replica.Region.Ordinal}", $"shard-{replica.Shard.Number}", $"replica-{replica.Replica.Number}"));
        }
        lock (_memoryStores)
        {
            if (!_memoryStores.TryGetValue(replica, out var store))
                _memoryStores.Add(replica, store = new MemoryLogStore());
            return store;
        }
    }

    private async Task StartAllAsync(CancellationToken cancellation)
    {
        foreach (var region in Topology.Regions)
        {
            foreach (var shard in Topology.Shards)
                FoundGroup(new ShardPlace(region, shard));
        }
        foreach (var thread in _context.Threads)
            thread.Start();
        var replicas = from node in _context.Nodes from shard in Topology.Shards select StartAsync(node.WorkerOf(shard), node[shard]);
        await Task.WhenAll(replicas).WaitAsync(cancellation).ConfigureAwait(false);
        await AwaitPrimariesAsync(cancellation).ConfigureAwait(false);
    }

    private void FoundGroup(ShardPlace place)
    {
        var replicas = Topology.Replicas.Select(replica => HostedAt(new Address(place.Region, place.Shard, replica))).ToList();
        foreach (var replica in replicas)
            replica.Store = _context.StoreOf(replica.Address);
        ILogStore[] stores = [.. replicas.Select(replica => replica.Store!)];
        StoreIdentity[] identities = [.. Topology.Replicas.Select(replica => new StoreIdentity(Topology, place.Region, place.Shard, replica))];
        GroupFounding.Complete(stores, identities, () => GroupFounding.Found(place, stores));
    }

    private async Task AwaitPrimariesAsync(CancellationToken cancellation)
    {
        var until = NowMicroseconds + (long)Options.StartTimeout.TotalMicroseconds;
        while (GroupsWithoutPrimary() is { Count: > 0 } without)
        {
            foreach (var region in Topology.Regions)
                _context.Failures.MustServe(region);
            if (NowMicroseconds > until)
                throw new TimeoutException($"No primary within {Options.StartTimeout}: {string.Join("; ", without)}.");
            await Task.Delay(5, cancellation).ConfigureAwait(false);
        }
    }

    private List<ShardPlace> GroupsWithoutPrimary() =>
        [.. from region in Topology.Regions from shard in Topology.Shards where PrimaryOf(region, shard) is null select new ShardPlace(region, shard)];
}
