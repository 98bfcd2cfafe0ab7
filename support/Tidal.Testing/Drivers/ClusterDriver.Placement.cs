using Tidal.Placement;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Drivers;

// Where tenants' data may be, and what an operator orders.
public sealed partial class ClusterDriver
{
    /// <summary>Orders a tenant.</summary>
    /// <param name="tenant">Its name.</param>
    /// <param name="copies">In how many regions it is to be.</param>
    /// <param name="allowed">The names of the regions that it may be in, with "and" between them; none for all.</param>
    /// <param name="pins">The names of those that it is to be in whatever happens.</param>
    public void OrderTenant(string tenant, int copies, string allowed, string pins) => Order(table => table.Add(
        new NewTenant(tenant) { Copies = copies, Residency = allowed.Length == 0 ? null : NamesIn(allowed), Pins = NamesIn(pins) }, Cluster.Topology));

    /// <summary>Orders a tenant to other regions.</summary>
    /// <param name="tenant">Its name.</param>
    /// <param name="regions">The names of the regions, with "and" between them.</param>
    public void OrderMove(string tenant, string regions) => Order(table => table.Move(tenant, NamesIn(regions), Cluster.Topology));

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
