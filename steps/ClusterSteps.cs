using Tidal.Schema;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What a scenario begins with, and the passing of time.</summary>
[Binding]
public sealed class ClusterSteps(ClusterDriver driver)
{
    [Given("a cluster of {region}, {region} and {region} with {int} shards and {int} replicas each")]
    public void GivenACluster(RegionName first, RegionName second, RegionName third, int shards, int replicas) =>
        driver.Found(new Topology([first.Name, second.Name, third.Name], shards, replicas));

    [Given("every replica keeps {int} kB of log at most")]
    public void GivenReplicasKeepLittleLog(int kilobytes) => driver.KeepLittleLog(kilobytes * 1000);

    [Given("these tenants:")]
    [When("these tenants are ordered:")]
    public void TheseTenants(DataTable table) => driver.OrderTenants([.. table.Rows.Select(row => row.ToDictionary())]);

    [Given("these items:")]
    public void GivenTheseItems(DataTable table) => driver.AddItems(table.Rows.SelectMany(row =>
        row["item"].Split(", ").Select(item => (item, row["home"], AttributesOf(table, row)))));

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
