using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Tells every node and every gateway the newest routing table, until it says that it knows it, so many times at most: then its
/// peers will. Not safe for use by several threads.
/// </summary>
internal sealed class TableSender
{
    private readonly SortedDictionary<(RegionId, ShardId, ReplicaId), Reader> _readers = [];
    private readonly int _sendsMax;
    private ulong _version;

    public TableSender(ControlPlaneSettings settings)
    {
        _sendsMax = settings.Options.TableSendsMax;
        _version = settings.VersionKnown;
        foreach (var region in settings.Topology.Regions)
        {
            Add(Address.OfGateway(region), settings.VersionKnown);
            foreach (var replica in settings.Topology.Replicas)
                Add(Address.OfNode(new NodeId(region, replica)), settings.VersionKnown);
        }
    }

    /// <summary>Whether somebody has not said yet that it knows the newest table, and is still told.</summary>
    public bool IsTelling => _readers.Values.Any(IsTold);

    /// <summary>Sends a table to who has not said that it knows it.</summary>
    public void Send(RoutingTable table, Address from, Effects effects)
    {
        if (table.Version != _version)
        {
            _version = table.Version;
            foreach (var reader in _readers.Values)
                reader.Sends = 0;
        }
        foreach (var reader in _readers.Values.Where(IsTold))
        {
            reader.Sends++;
            effects.Send(reader.Address, new TableUpdate { Table = table, AnswerTo = from });
        }
    }

    /// <summary>Somebody says which table it knows.</summary>
    public void OnKnown(Address from, ulong version)
    {
        if (_readers.TryGetValue(KeyOf(from), out var reader))
            reader.Version = Math.Max(reader.Version, version);
    }

    private static (RegionId, ShardId, ReplicaId) KeyOf(Address address) => (address.Region, address.Shard, address.Replica);

    private bool IsTold(Reader reader) => reader.Version < _version && reader.Sends < _sendsMax;

    private void Add(Address address, ulong version) => _readers.Add(KeyOf(address), new Reader(address) { Version = version });

    private sealed class Reader(Address address)
    {
        public Address Address { get; } = address;

        public ulong Version { get; set; }

        public int Sends { get; set; }
    }
}
