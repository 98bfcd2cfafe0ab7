using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>A routing table as it is stored: numbers and names, whatever the types that the engine gives them. Immutable.</summary>
internal sealed record StoredTable(ulong Version, int Format, StoredTenant[] Tenants)
{
    public static StoredTable Of(RoutingTable table) => new(table.Version, table.Format, [.. table.Tenants.Select(StoredTenant.Of)]);

    public RoutingTable ToTable() => new(Version, [.. Tenants.Select(tenant => tenant.ToPlacement())]) { Format = Format };
}

/// <summary>A tenant's placement as it is stored. Immutable.</summary>
internal sealed record StoredTenant(
    uint Tenant,
    string Name,
    ulong Version,
    ushort[] Wanted,
    ushort[]? Residency,
    StoredQuotas? Quotas,
    StoredMember[] Members,
    StoredHome[] Homes,
    StoredDeparture[] Departed)
{
    public static StoredTenant Of(TenantPlacement placement) => new(
        placement.Tenant.Number,
        placement.Name,
        placement.Version,
        Ordinals(placement.Wanted),
        placement.Residency is { } allowed ? Ordinals(allowed) : null,
        placement.Quotas is { } quotas ? StoredQuotas.Of(quotas) : null,
        [.. placement.Members.Select(member => new StoredMember(member.Region.Ordinal, member.Standing.ToString(), member.Since))],
        [.. placement.Homes.Select(home => new StoredHome(home.Region.Ordinal, home.Answers.Ordinal))],
        [.. placement.Departed.Select(origin => new StoredDeparture(origin.Region.Ordinal, [.. origin.Shards.Select(mark => new StoredMark(mark.Epoch, mark.Number, mark.Crc))]))]);

    public TenantPlacement ToPlacement() => new(new TenantId(Tenant), Name, Regions(Wanted))
    {
        Version = Version,
        Residency = Residency is null ? null : Regions(Residency),
        Quotas = Quotas?.ToQuotas(),
        Members = [.. Members.Select(member => new TenantMember(new RegionId(member.Region), Enum.Parse<MemberStanding>(member.Standing), member.Since))],
        Homes = [.. Homes.Select(home => new TenantHome(new RegionId(home.Region), new RegionId(home.Answers)))],
        Departed = [.. Departed.Select(origin => new DepartedOrigin(new RegionId(origin.Region), [.. origin.Shards.Select(mark => new OriginMark(mark.Epoch, mark.Number, mark.Crc))]))],
    };

    private static ushort[] Ordinals(IEnumerable<RegionId> regions) => [.. regions.Select(region => region.Ordinal)];

    private static RegionId[] Regions(ushort[] ordinals) => [.. ordinals.Select(ordinal => new RegionId(ordinal))];
}

/// <summary>A tenant's quotas as they are stored. Immutable.</summary>
internal sealed record StoredQuotas(long? SignalsPerSecond, long? Entities, long? Bytes, long? SignalBurst, StoredShare[] Shares)
{
    public static StoredQuotas Of(TenantQuotas quotas) => new(
        quotas.SignalsPerSecond, quotas.Entities, quotas.Bytes, quotas.SignalBurst,
        [.. quotas.Shares.Select(share => new StoredShare(share.Region.Ordinal, share.PerThousand))]);

    public TenantQuotas ToQuotas() => new(SignalsPerSecond, Entities, Bytes)
    {
        SignalBurst = SignalBurst,
        Shares = [.. Shares.Select(share => new RegionShare(new RegionId(share.Region), share.PerThousand))],
    };
}

/// <summary>A region's share of a quota as it is stored.</summary>
internal readonly record struct StoredShare(ushort Region, int PerThousand);

/// <summary>A member as it is stored.</summary>
internal readonly record struct StoredMember(ushort Region, string Standing, ulong Since);

/// <summary>A home as it is stored.</summary>
internal readonly record struct StoredHome(ushort Region, ushort Answers);

/// <summary>An origin that has left, as it is stored. Immutable.</summary>
internal sealed record StoredDeparture(ushort Region, StoredMark[] Shards);

/// <summary>A mark as it is stored.</summary>
internal readonly record struct StoredMark(ulong Epoch, ulong Number, uint Crc);
