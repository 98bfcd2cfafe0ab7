using Tidal.Schema;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// Whose data a replay is: one tenant's, or, where a tenant is to migrate, those of a tenant for each language edition of the day. Immutable.
/// </summary>
internal sealed class ReplayTenants
{
    /// <summary>How the name of a language edition's tenant begins.</summary>
    public const string Prefix = "wiki:";

    private readonly Dictionary<string, TenantId> _byEdition = [];

    /// <summary>The tenants of a plan. One that migrates begins in the region that it leaves first; every other is in all regions.</summary>
    /// <param name="plan">The plan.</param>
    public ReplayTenants(ReplayPlan plan)
    {
        if (plan.Migrations.Count == 0)
            return;
        foreach (var edition in plan.Editions)
            _byEdition.Add(edition, IdOf(_byEdition.Count));
        Founded = [.. plan.Editions.Select(edition => new ClusterTenant(NameOf(edition))
        {
            Regions = plan.Migrations.FirstOrDefault(migration => migration.Edition == edition) is { } first ? [first.From] : null,
        })];
    }

    /// <summary>What the cluster is founded with.</summary>
    public IReadOnlyList<ClusterTenant> Founded { get; } = [new ClusterTenant("first")];

    /// <summary>The tenants, in order of their numbers.</summary>
    public IEnumerable<TenantId> All => Founded.Select((_, place) => IdOf(place));

    /// <summary>The tenant of a language edition of the day.</summary>
    /// <param name="edition">The edition.</param>
    public TenantId Of(string edition) => _byEdition.GetValueOrDefault(edition, TenantId.First);

    /// <summary>The name of a language edition's tenant.</summary>
    /// <param name="edition">The edition.</param>
    public static string NameOf(string edition) => Prefix + edition;

    private static TenantId IdOf(int place) => new((uint)place + 1);
}
