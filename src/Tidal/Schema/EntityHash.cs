using System.Text;

namespace Tidal.Schema;

/// <summary>
/// The hash that places an entity (an item, a user) in a shard. It is ours and fixed: FNV-1a (Fowler, Noll, Vo) over the
/// tenant's number and the identity's UTF-8, finished by the 64-bit mixer of MurmurHash3 (Appleby), so that the low bits
/// are as good as the high ones. A change of it would move every entity: the tests hold vectors.
/// </summary>
public static class EntityHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const int StackBytesMax = 512;

    /// <summary>The hash of an entity.</summary>
    /// <param name="tenant">Whose entity it is.</param>
    /// <param name="entity">Its identity.</param>
    public static ulong Of(TenantId tenant, string entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var bytesMax = Encoding.UTF8.GetMaxByteCount(entity.Length);
        var utf8 = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[bytesMax];
        return Of(tenant, utf8[..Encoding.UTF8.GetBytes(entity, utf8)]);
    }

    /// <summary>The hash of an entity.</summary>
    /// <param name="tenant">Whose entity it is.</param>
    /// <param name="entity">Its identity in UTF-8.</param>
    public static ulong Of(TenantId tenant, ReadOnlySpan<byte> entity)
    {
        var hash = Offset;
        for (var shift = 0; shift < 32; shift += 8)
            hash = (hash ^ ((tenant.Number >> shift) & 0xFF)) * Prime;
        foreach (var value in entity)
            hash = (hash ^ value) * Prime;
        return Mix(hash);
    }

    /// <summary>MurmurHash3's 64-bit finaliser: a bijection whose every output bit depends on every input bit.</summary>
    /// <param name="value">Any value.</param>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
}
