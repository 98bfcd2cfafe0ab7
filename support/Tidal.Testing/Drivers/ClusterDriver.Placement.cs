using System.Globalization;
using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Drivers;

// Where tenants' data may be, and what an operator orders.
public sealed partial class ClusterDriver
{
    /// <summary>Orders tenants as a table has them: those that a cluster begins with, or, once it has started, others, or other quotas.</summary>
    /// <param name="rows">The rows, by the names of their columns.</param>
    public void OrderTenants(IReadOnlyList<Dictionary<string, string>> rows)
    {
        if (HasCluster)
            rows.ToList().ForEach(Order);
        else
            Configure(options => options with { Tenants = [.. rows.Select(TenantOf)] });
    }

    private void Order(Dictionary<string, string> row)
    {
        var name = row["tenant"];
        if (Cluster.Table.Find(name) is { } placement)
        {
            Cluster.ChangeQuotas(placement.Tenant, QuotasOf(row));
            return;
        }
        var (copies, allowed) = (int.Parse(row["copies"], CultureInfo.InvariantCulture), NamesIn(row["allowed in"]));
        var order = new NewTenant(name) { Copies = copies, Residency = allowed.Length == 0 ? null : allowed, Pins = NamesIn(row["pinned to"]) };
        Order(table => table.Add(order, Cluster.Topology));
    }

    /// <summary>Everything in a region stops, memory gone and disks kept, and starts again later: it knows no routing table then.</summary>
    /// <param name="region">The region's name.</param>
    /// <param name="after">After how long.</param>
    public void CrashRegion(string region, TimeSpan after)
    {
        var crashes = Cluster.Topology.Replicas.Select(replica => new NodeCrash(Cluster, new NodeId(Region(region), replica))).ToList();
        Cluster.RestartGateway(Region(region));
        Cluster.After(after, () => crashes.ForEach(crash => crash.Dispose()));
    }

    private static string[] NamesIn(string names) => names.Split(" and ", StringSplitOptions.RemoveEmptyEntries);

    private void Order(Func<RoutingTable, RoutingTable> change)
    {
        var before = Cluster.Table;
        WhyRefused = null;
        try
        {
            Cluster.ChangeTable(change);
        }
        catch (RoutingTableException refusal)
        {
            WhyRefused = refusal.Message;
        }
        if (WhyRefused is not null && Cluster.Table != before)
            throw new InvalidOperationException("What was refused has changed the routing table.");
    }
}
