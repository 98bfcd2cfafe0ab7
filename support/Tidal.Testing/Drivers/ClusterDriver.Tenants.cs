using System.Globalization;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Drivers;

// Several tenants in one cluster, and whoever comes with what is another's.
public sealed partial class ClusterDriver
{
    /// <summary>The tenant that whatever is said from here on is about; the first until another one is named.</summary>
    public TenantId Tenant { get; private set; } = TenantId.First;

    /// <summary>From here on it is about the tenant of a name.</summary>
    /// <param name="name">The name.</param>
    public void SpeakOf(string name) => Tenant = Cluster.TenantNamed(name);

    /// <summary>
    /// A tenant as a table has it: its name, the names of its regions with "and" between them, and what it counts, as in
    /// <c>view 6 h, like 30 m</c>; and, where the table has a column for it, by which attribute of its users, the regions that it is
    /// allowed in and how much of what it may ask for.
    /// </summary>
    /// <param name="row">The row, by the names of its columns.</param>
    public static ClusterTenant TenantOf(IReadOnlyDictionary<string, string> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new ClusterTenant(row["tenant"])
        {
            Schema = SchemaOf(row["half-lives"], row.GetValueOrDefault("cohort")),
            Regions = NamesIn(row["regions"]),
            Residency = row.TryGetValue("allowed in", out var allowed) && allowed.Length > 0 ? NamesIn(allowed) : null,
            Quotas = QuotasOf(row),
        };
    }

    /// <summary>What is found on disks of a region of what only one tenant has written.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="region">The region's name.</param>
    public IReadOnlyList<FoundBytes> BytesOf(string tenant, string region) =>
        TenantBytes.Of(Cluster, Cluster.TenantNamed(tenant), [Region(region)]);

    private SignalTypeId SignalNamed(string name) => Cluster.SchemaOf(Tenant).Signal(name).Id;

    /// <summary>The last signal as it is tried next: by another tenant's clients, in that tenant's name.</summary>
    private WriteCall LastSignalInOwnName =>
        LastSignal.Tenant == Tenant ? LastSignal : new WriteCall { Tenant = Tenant, Record = LastSignal.Record };

    private static SignalSchema SchemaOf(string halfLives, string? cohort)
    {
        var schema = new SchemaBuilder();
        if (cohort is { Length: > 0 })
            schema.Cohort(cohort);
        foreach (var words in halfLives.Split(", ").Select(signal => signal.Split(' ')))
        {
            var number = double.Parse(words[1], CultureInfo.InvariantCulture);
            schema.Signal(words[0], words[2] == "h" ? TimeSpan.FromHours(number) : TimeSpan.FromMinutes(number));
        }
        return schema.Build();
    }
}
