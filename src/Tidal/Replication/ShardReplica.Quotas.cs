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
        var open = _open.TryGetValue(tenant, out var batch) && batch.Records.Count > 0 ? BatchHeader.Size + batch.Writer.PayloadBytes : 0;
        return _state.TenantOf(tenant).OriginOf(Self.Region).Bytes + (_tail?.Usage.BytesOf(tenant) ?? 0) + open;
    }

    /// <summary>Why a tenant may not write a record, or null. Sessions are no load of the tenant's: they can always be opened and ended.</summary>
    private QuotaProblem? QuotaProblemOf(WriteRequest write)
    {
        if (write.Record.Kind == RecordKind.Session || _settings.Tenants.Table.Find(write.Tenant)?.Quotas is not { } quotas)
            return null;
        if (quotas.EntitiesIn(Self.Region, Self.Shard, _settings.Topology) is { } entities && IsNewEntity(write) && EntitiesUsedBy(write.Tenant) >= entities)
            return new QuotaProblem(QuotaKind.Entities, entities, null);
        return quotas.BytesIn(Self.Region, Self.Shard, _settings.Topology) is { } bytes && BytesUsedBy(write.Tenant) >= bytes
            ? new QuotaProblem(QuotaKind.Bytes, bytes, null)
            : null;
    }

    private bool IsNewEntity(WriteRequest write) =>
        EntityKey.Of(write.Record) is { } entity
        && !IsHeld(_state.TenantOf(write.Tenant), entity)
        && !_tail!.Usage.Has(write.Tenant, entity);

    private bool IsHeld(TenantReplica tenant, EntityKey entity) => entity.IsUser
        ? tenant.State.HasEntity(Self.Region, new UserId(entity.Id))
        : tenant.State.HasEntity(Self.Region, new ItemId(entity.Id));
}
