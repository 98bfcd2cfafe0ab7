using Tidal.Schema;

namespace Tidal.Replication;

// What the routing table says: a replica reads it in its node's directory, and compares one version to see that it changed.
public sealed partial class ShardReplica
{
    private ulong _tableVersion;

    /// <summary>Sees to what follows from a newer routing table, once for each that its node has heard of.</summary>
    private void FollowTable()
    {
        if (_tableVersion == _settings.Tenants.Table.Version)
            return;
        _tableVersion = _settings.Tenants.Table.Version;
        OnTable();
    }

    /// <summary>The node knows a newer routing table.</summary>
    private void OnTable()
    {
        // Which ends of a session are waited for is a matter of the members.
        foreach (var tenant in _state.Tenants.Values)
            tenant.Ends.Resolve();
        Standings.OnTable(_settings.Tenants.Table);
        _shipper.OnTable();
        Reconciling.OnTable();
        _isPlacementDue = true;
    }

    private SessionMembers SessionMembersOf(TenantId tenant) => SessionMembers.Of(_settings.Tenants.Table.Find(tenant), Self.Shard);

    /// <summary>
    /// Whether a request was made under another version of its tenant's placement than is known here, or asks for what this region
    /// does not do for the tenant. Of a tenant that neither side knows nothing has moved. Without a table nothing is served.
    /// </summary>
    private bool IsMoved(GatewayRequest request)
    {
        var table = _settings.Tenants.Table;
        if (table.Find(request.Tenant) is not { } placement)
            return table.Version == 0 || request.PlacementVersion != 0;
        return placement.Version != request.PlacementVersion || request switch
        {
            LocateRequest => false,
            WriteRequest => !placement.Writers.Contains(Self.Region),
            _ => !placement.Readers.Contains(Self.Region),
        };
    }

    private void AnswerMoved(Address gateway, ulong tried) =>
        Effects.Send(gateway, new Moved { Try = tried, Table = _settings.Tenants.Table });

    /// <summary>Sends a primary of another region, with its beat, the routing table if it knows an older one.</summary>
    /// <returns>Whether it knows any: if not, it cannot tell what it holds of which tenant.</returns>
    private bool TellTable(Address from, ulong version)
    {
        if (version < _settings.Tenants.Table.Version)
            Effects.Send(Address.OfNode(from.Node), new TableUpdate { Table = _settings.Tenants.Table });
        return version > 0;
    }
}
