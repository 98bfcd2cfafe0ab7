using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

// What a tenant may still write here. Only what this region accepts is counted, and only that is refused: what another region
// has accepted is taken in whatever it comes to.
public sealed partial class ShardReplica
{
    /// <summary>Items and users that the region has written records of in this shard: at the end of its log, uncommitted tail included.</summary>
    /// <param name="tenant">Whose.</param>
    public long EntitiesUsedBy(TenantId tenant)
    {
        var held = _state.TenantOf(tenant);
        return held.State.EntitiesOf(Self.Region) + (_tail?.Usage.EntitiesOf(tenant).Count(entity => !IsHeld(held, entity)) ?? 0);
    }

    /// <summary>Bytes of the region's own log of a tenant in this shard: up to the end of its log, with what is about to be appended.</summary>
    /// <param name="tenant">The tenant.</param>
    public long BytesUsedBy(TenantId tenant)
    {
        var open = _open.TryGetValue(tenant, out var batch) && batch.Count > 0 ? BatchHeader.Size + batch.PayloadBytes : 0;
        return _state.TenantOf(tenant).OriginOf(Self.Region).Bytes + (_tail?.Usage.BytesOf(tenant) ?? 0) + open;
    }

    /// <summary>Why a tenant may not write a record, or null. Sessions are no load of the tenant's: they can always be opened and ended.</summary>
    private QuotaProblem? QuotaProblemOf(TenantId tenant, in LogRecord record)
    {
        if (record.Kind == RecordKind.Session || _settings.Tenants.Table.Find(tenant)?.Quotas is not { } quotas)
            return null;
        if (quotas.EntitiesIn(Self.Region, Self.Shard, _settings.Topology) is { } entities && IsNewEntity(tenant, record) && EntitiesUsedBy(tenant) >= entities)
            return new QuotaProblem(QuotaKind.Entities, entities, null);
        return quotas.BytesIn(Self.Region, Self.Shard, _settings.Topology) is { } bytes && BytesUsedBy(tenant) >= bytes
            ? new QuotaProblem(QuotaKind.Bytes, bytes, null)
            : null;
    }

    private bool IsNewEntity(TenantId tenant, in LogRecord record) =>
        EntityKey.Of(record) is { } entity
        && !IsHeld(_state.TenantOf(tenant), entity)
        && !_tail!.Usage.Has(tenant, entity);

    private bool IsHeld(TenantReplica tenant, EntityKey entity) => entity.IsUser
        ? tenant.State.HasEntity(Self.Region, new UserId(entity.Id))
        : tenant.State.HasEntity(Self.Region, new ItemId(entity.Id));
}
