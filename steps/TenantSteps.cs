using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Several tenants in one cluster.</summary>
[Binding]
public sealed class TenantSteps(ClusterDriver driver)
{
    [Given("the clients are those of {string}")]
    public void GivenTheClientsAreThoseOf(string tenant) => driver.SpeakOf(tenant);

    [Then("no disk in {region} holds a byte of {string}")]
    public void ThenNoDiskHoldsAByteOf(RegionName region, string tenant) => driver.BytesOf(tenant, region.Name).Should().BeEmpty();
}
