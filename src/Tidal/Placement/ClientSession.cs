using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// A client's session: numbers its writes per shard, so that a retry is known for what it is, and keeps what it has seen, so
/// that no region shows it less. Not safe for use by several
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

    /// <summary>What it has seen, to be given to its calls.</summary>
    public SessionToken Token { get; private set; } = SessionToken.Empty;

    /// <summary>Takes in what a call has seen, or what another device of the same user has.</summary>
    /// <param name="token">The call's token, once completed.</param>
    public void Observe(SessionToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        Token = Token.Merge(token);
    }

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
