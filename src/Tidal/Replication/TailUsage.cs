using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>An item or a user.</summary>
/// <param name="IsUser">Which of the two.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct EntityKey(bool IsUser, string Id)
{
    /// <summary>The item or user that a record is about; null for a record that makes none.</summary>
    public static EntityKey? Of(in LogRecord record) => record.Kind switch
    {
        RecordKind.Item => new(IsUser: false, record.Item.Value),
        RecordKind.UserAttributes => new(IsUser: true, record.User.Value),
        _ => null,
    };
}

/// <summary>
/// What the own records at the end of the log, which no state shows yet, add to what their tenants use: so that a burst cannot
/// run past a quota before it is committed. Not safe for use by several threads.
/// </summary>
internal sealed class TailUsage
{
    private readonly record struct Appended(ulong Index, TenantId Tenant, long Bytes, IReadOnlyList<EntityKey> Entities);

    private readonly Dictionary<TenantId, List<EntityKey>> _expected = [];
    private readonly Dictionary<(TenantId, EntityKey), int> _entities = [];
    private readonly Dictionary<TenantId, long> _bytes = [];
    private readonly Queue<Appended> _appended = [];

    /// <summary>The bytes of a tenant's appended batches.</summary>
    public long BytesOf(TenantId tenant) => _bytes.GetValueOrDefault(tenant);

    /// <summary>The items and users that a tenant has records of here.</summary>
    public IEnumerable<EntityKey> EntitiesOf(TenantId tenant) => _entities.Keys.Where(key => key.Item1 == tenant).Select(key => key.Item2);

    /// <summary>Whether a tenant has a record of an item or user here.</summary>
    public bool Has(TenantId tenant, EntityKey entity) => _entities.ContainsKey((tenant, entity));

    /// <summary>A record is about to be appended.</summary>
    public void Expect(TenantId tenant, in LogRecord record)
    {
        if (EntityKey.Of(record) is not { } entity)
            return;
        if (!_expected.TryGetValue(tenant, out var expected))
            _expected.Add(tenant, expected = []);
        expected.Add(entity);
        _entities[(tenant, entity)] = _entities.GetValueOrDefault((tenant, entity)) + 1;
    }

    /// <summary>A batch of what was expected was appended.</summary>
    public void Append(in BatchHeader header, ulong index)
    {
        _expected.Remove(header.Tenant, out var entities);
        _appended.Enqueue(new Appended(index, header.Tenant, OriginLog.BytesOf(header), entities ?? []));
        _bytes[header.Tenant] = BytesOf(header.Tenant) + OriginLog.BytesOf(header);
    }

    /// <summary>The state shows what is committed.</summary>
    public void Commit(ulong commitIndex)
    {
        while (_appended.TryPeek(out var batch) && batch.Index <= commitIndex)
        {
            _appended.Dequeue();
            _bytes[batch.Tenant] -= batch.Bytes;
            foreach (var entity in batch.Entities)
                Forget((batch.Tenant, entity));
        }
    }

    private void Forget((TenantId, EntityKey) entity)
    {
        if (--_entities[entity] == 0)
            _entities.Remove(entity);
    }
}
