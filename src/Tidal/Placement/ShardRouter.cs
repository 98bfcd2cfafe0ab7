using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>Tells in which shard an entity lies: the same in every region. Immutable and safe to share between threads.</summary>
public sealed class ShardRouter
{
    private readonly int _shards;

    /// <summary>Routes among a number of shards; with one, everything lies in it.</summary>
    /// <param name="shards">How many, at least 1.</param>
    public ShardRouter(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _shards = shards;
    }

    /// <summary>The shard of an item.</summary>
    /// <param name="tenant">Whose item.</param>
    /// <param name="item">The item.</param>
    public ShardId ShardOf(TenantId tenant, ItemId item) => ShardOf(tenant, item.Value);

    /// <summary>The shard of a user.</summary>
    /// <param name="tenant">Whose user.</param>
    /// <param name="user">The user.</param>
    public ShardId ShardOf(TenantId tenant, UserId user) => ShardOf(tenant, user.Value);

    /// <summary>The shard that a record is written to: its user's for attributes and hard negatives, its item's for all else; sessions open in shard 0.</summary>
    /// <param name="tenant">Whose record.</param>
    /// <param name="record">The record.</param>
    public ShardId ShardOf(TenantId tenant, in LogRecord record) => record.Kind switch
    {
        RecordKind.Session => default,
        RecordKind.UserAttributes or RecordKind.HardNegative => ShardOf(tenant, record.User),
        _ => ShardOf(tenant, record.Item),
    };

    private ShardId ShardOf(TenantId tenant, string entity) =>
        _shards == 1 ? default : new ShardId((ushort)(EntityHash.Of(tenant, entity) % (ulong)_shards));
}
