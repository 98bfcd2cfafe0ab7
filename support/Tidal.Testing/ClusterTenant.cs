using Tidal.Schema;

namespace Tidal.Testing;

/// <summary>A tenant that a cluster is founded with. Immutable.</summary>
/// <param name="Name">Its name.</param>
public sealed record ClusterTenant(string Name)
{
    /// <summary>What it counts; null for <see cref="ClusterOptions.Schema"/>.</summary>
    public SignalSchema? Schema { get; init; }

    /// <summary>The names of the regions that hold its data; null for all.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The names of the regions that its data may be in; null for all.</summary>
    public IReadOnlyList<string>? Residency { get; init; }

    /// <summary>How much it may ask for; null for as much as there is.</summary>
    public TenantQuotas? Quotas { get; init; }
}
