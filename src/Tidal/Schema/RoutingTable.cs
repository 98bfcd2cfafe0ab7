namespace Tidal.Schema;

/// <summary>
/// The one thing that the whole cluster must agree on: which tenant's data is where. A new version replaces the last one
/// as a whole. Immutable and safe to share between threads.
/// </summary>
/// <param name="Version">Grows by one with each change; 0 is the empty table.</param>
/// <param name="Tenants">The tenants, in order of their numbers.</param>
public sealed record RoutingTable(ulong Version, IReadOnlyList<TenantPlacement> Tenants)
{
    /// <summary>The table of a cluster without tenants.</summary>
    public static readonly RoutingTable Empty = new(0, []);

    /// <summary>The newest batch format that every replica of every region reads: what may be written from here on.</summary>
    public int Format { get; init; } = 2;

    /// <summary>The table with one more tenant, at the next version.</summary>
    /// <param name="placement">The tenant.</param>
    /// <exception cref="RoutingTableException">The number or the name is taken, the number or the quotas cannot be, or no region is named.</exception>
    public RoutingTable With(TenantPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        if (placement.Members.Count == 0)
            throw new RoutingTableException($"The tenant '{placement.Name}' has no region to be in.");
        if (Tenants.Any(held => held.Tenant == placement.Tenant || held.Name == placement.Name))
            throw new RoutingTableException($"There is already a tenant '{placement.Name}' or number {placement.Tenant.Number}.");
        if (placement.Tenant.Number is 0 or > TenantId.NumberMax)
            throw new RoutingTableException($"The tenant '{placement.Name}' has number {placement.Tenant.Number}; 1 to {TenantId.NumberMax} was expected.");
        MustHavePossibleQuotas(placement);
        return this with
        {
            Version = Version + 1,
            Tenants = [.. Tenants.Append(placement with { Version = Version + 1 }).OrderBy(held => held.Tenant)],
        };
    }

    /// <summary>The table with a tenant placed otherwise, at the next version.</summary>
    /// <param name="placement">The tenant's next placement.</param>
    /// <exception cref="RoutingTableException">There is no such tenant, or its quotas cannot be.</exception>
    public RoutingTable Replace(TenantPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        if (Find(placement.Tenant) is null)
            throw new RoutingTableException($"There is no {placement.Tenant}.");
        MustHavePossibleQuotas(placement);
        var next = placement with { Version = Version + 1 };
        return this with
        {
            Version = Version + 1,
            Tenants = [.. Tenants.Select(held => held.Tenant == placement.Tenant ? next : held)],
        };
    }

    /// <summary>The table with a newer format, at the next version. There is no way back: what was written in it stays.</summary>
    /// <param name="format">The newest batch format that every replica of every region reads.</param>
    /// <exception cref="RoutingTableException">The format is not newer.</exception>
    public RoutingTable RaiseFormat(int format) => format > Format
        ? this with { Version = Version + 1, Format = format }
        : throw new RoutingTableException($"Format {format} is not newer than format {Format}, which the table has.");

    /// <summary>Where a tenant's data is, or null.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantPlacement? Find(TenantId tenant)
    {
        // Asked for each tenant in each beat: numbers are mostly given one after the other, from 1.
        if (tenant.Number - 1 < (uint)Tenants.Count && Tenants[(int)(tenant.Number - 1)] is var placement && placement.Tenant == tenant)
            return placement;
        var (low, high) = (0, Tenants.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Tenants[middle].Tenant == tenant)
                return Tenants[middle];
            if (Tenants[middle].Tenant.CompareTo(tenant) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return null;
    }

    /// <summary>Where the data of the tenant of a name is, or null.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    public TenantPlacement? Find(string name) => Tenants.FirstOrDefault(held => held.Name == name);

    internal static void MustHavePossibleQuotas(TenantPlacement placement)
    {
        if (placement.Quotas?.Problem is { } problem)
            throw new RoutingTableException($"The quotas of the tenant '{placement.Name}' cannot be: {problem}.");
    }
}

/// <summary>A routing table that could not be, or that came too late.</summary>
public sealed class RoutingTableException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong and what was expected.</param>
    public RoutingTableException(string message)
        : base(message)
    {
    }
}
