using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A client's session: numbers its writes per shard, so that a retry is known for what it is. Not safe for use by several
/// threads.
/// </summary>
public sealed class ClientSession
{
    private readonly Dictionary<(TenantId, ShardId), ulong> _numbers = [];

    /// <summary>A session that a region has opened.</summary>
    /// <param name="id">Its id.</param>
    public ClientSession(SessionId id) => Id = id;

    /// <summary>Its id.</summary>
    public SessionId Id { get; }

    /// <summary>The id of the next write to a shard. At most <see cref="IdempotencyStore.Window"/> may be outstanding.</summary>
    /// <param name="tenant">Whose data.</param>
    /// <param name="shard">The shard.</param>
    public OperationId NextOperation(TenantId tenant, ShardId shard)
    {
        var number = _numbers.GetValueOrDefault((tenant, shard)) + 1;
        _numbers[(tenant, shard)] = number;
        return new OperationId(Id, number);
    }
}
