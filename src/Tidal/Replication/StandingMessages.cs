using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>The control plane asks a shard's primary how far its region is with a tenant. Whoever is no primary keeps silent: all are asked.</summary>
public sealed class TenantStandingRequest : Message
{
    /// <summary>The tenant.</summary>
    public required TenantId Tenant { get; init; }
}

/// <summary>How far a region's shard is with a tenant: what is committed there.</summary>
public sealed class TenantStandingReply : Message
{
    /// <summary>The tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The version of the tenant's placement that the primary knows; 0 for none.</summary>
    public required ulong PlacementVersion { get; init; }

    /// <summary>How far each origin log is held; those of which nothing is held are left out.</summary>
    public required IReadOnlyList<MarkReport> Marks { get; init; }

    /// <summary>Whether the region's own log is sealed.</summary>
    public required OriginStanding Own { get; init; }

    /// <summary>The table version of the last erase of the tenant, once nothing from before it is on the primary's disk; 0 for none.</summary>
    public required ulong ErasedBy { get; init; }

    /// <summary>The other regions whose primary of the shard it has heard of late, in region order.</summary>
    public required IReadOnlyList<RegionId> Hears { get; init; }
}

/// <summary>Asks a region for what it holds of a tenant: the sender is to hold the tenant too, and holds nothing of it yet.</summary>
public sealed class SnapshotRequest : Message
{
    /// <summary>The tenant.</summary>
    public required TenantId Tenant { get; init; }
}
