using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Where tenants' data may be, and what an operator orders.</summary>
[Binding]
public sealed class PlacementSteps(ClusterDriver driver)
{
    [When("a tenant {string} is ordered in {int} copies, allowed in {string} and pinned to {string}")]
    public void WhenATenantIsOrdered(string tenant, int copies, string allowed, string pins) => driver.OrderTenant(tenant, copies, allowed, pins);

    [When("{string} is ordered to {string}")]
    public void WhenATenantIsOrderedTo(string tenant, string regions) => driver.OrderMove(tenant, regions);
}
