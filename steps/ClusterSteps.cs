using Tidal.Schema;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What a scenario begins with, and the passing of time.</summary>
[Binding]
public sealed class ClusterSteps(ClusterDriver driver)
{
    [Given("a cluster of {region}, {region} and {region} with {int} shards and {shape}")]
    public void GivenACluster(RegionName first, RegionName second, RegionName third, int shards, ClusterShape shape) =>
        driver.Found(new Topology([first.Name, second.Name, third.Name], shards, shape.Replicas), shape.LogBytes, format: shape.Format);

    [Given("a cluster of {region}, {region} and {region} with {int} shards and {int} replicas each, and these tenants:")]
    public void GivenAClusterOfTenants(RegionName first, RegionName second, RegionName third, int shards, int replicas, DataTable table) => driver.Found(
        new Topology([first.Name, second.Name, third.Name], shards, replicas), tenants: [.. table.Rows.Select(row => ClusterDriver.TenantOf(row.ToDictionary()))]);

    [Given("these items:")]
    public void GivenTheseItems(DataTable table) => driver.AddItems(table.Rows.Select(row =>
        (row["item"], row["home"], AttributesOf(table, row))));

    [Given("{int} items of topic {string} at home in {region}, each with a {string} signal")]
    public void GivenItemsWithASignal(int items, string topic, RegionName region, string signal) =>
        driver.AddItemsWithASignal(items, region.Name, topic, signal);

    [Given("these users:")]
    public void GivenTheseUsers(DataTable table) => driver.AddUsers(table.Rows.Select(row => (row["user"], row["locale"])));

    [Given("{int} second(s) has/have passed")]
    [When("{int} second(s) pass(es)")]
    public void TimePasses(int seconds) => driver.Pass(TimeSpan.FromSeconds(seconds));

    [Then("nothing acknowledged is lost and nothing is counted twice")]
    public void ThenNothingIsLostOrDoubled() => driver.EndFaultsAndAudit().Should().BeNull();

    private static Dictionary<string, string> AttributesOf(DataTable table, DataTableRow row) =>
        table.Header.Except(["item", "home"]).ToDictionary(key => key, key => row[key]);
}
