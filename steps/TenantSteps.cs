using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Several tenants in one cluster.</summary>
[Binding]
public sealed class TenantSteps(ClusterDriver driver)
{
    [Given("the clients are those of {string}")]
    public void GivenTheClientsAreThoseOf(string tenant) => driver.SpeakOf(tenant);

    [Then("within {int} seconds the tenants have counted:")]
    public void ThenTheTenantsHaveCounted(int seconds, DataTable table)
    {
        foreach (var row in table.Rows)
        {
            driver.SpeakOf(row["tenant"]);
            var number = int.Parse(row["number"]);
            driver.CountWithin(TimeSpan.FromSeconds(seconds), row["region"], number, row["signal"], row["item"]).Should().Be(number, row["tenant"]);
        }
    }

    [Then("no disk in {region} holds a byte of {string}")]
    public void ThenNoDiskHoldsAByteOf(RegionName region, string tenant) => driver.BytesOf(tenant, region.Name).Should().BeEmpty();
}
