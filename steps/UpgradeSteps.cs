using Tidal.Placement;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>The software of the nodes, replaced under load.</summary>
[Binding]
public sealed class UpgradeSteps(ClusterDriver driver)
{
    [Given("users in every region keep sending {string} signals for {string} and {string} and asking queries")]
    public void GivenUsersGoOn(string signal, string item, string other) => driver.BeginLoad(signal, item, other);

    [Given("{replicas} of the shard of {string} in {region} will crash when a node there {upgrading}, for {int} seconds")]
    public void GivenACrashInTheMiddle(ReplicasNamed replicas, string item, RegionName region, UpgradeStep step, int seconds) => driver.CrashDuring(
        step, region.Name, () => driver.Crash(item, region.Name, replicas.Followers, replicas.Primary), TimeSpan.FromSeconds(seconds));

    [Given("the cluster has been upgraded to software that reads log format {int}, within {int} seconds")]
    [When("the cluster is upgraded to software that reads log format {int}, within {int} seconds")]
    public void TheClusterIsUpgraded(int format, int seconds) => driver.Upgrade((ushort)format, TimeSpan.FromSeconds(seconds));

    [Then("{int} nodes have been upgraded, one at a time")]
    public void ThenNodesAreUpgraded(int nodes)
    {
        driver.Upgraded.Upgraded.Should().HaveCount(nodes);
        driver.NodesDownMost.Should().Be(1);
    }

    [Then("the upgrade waits for {region}")]
    public void ThenItWaits(RegionName region) =>
        driver.Upgraded.WaitsFor!.Value.Node.Region.Should().Be(driver.Region(region.Name));

    [Then("the regions write log format {int}")]
    public void ThenTheyWrite(int format) => driver.FormatsWritten().Should().Equal(format);

    [Then("every query was answered in full")]
    public void ThenEveryQueryWasAnswered()
    {
        driver.Load.Answered.Should().BeGreaterThan(100);
        driver.Load.Degraded.Should().BeEmpty();
    }

    [When("a node of {region} is started with software that reads log format {int}")]
    public void WhenANodeIsStarted(RegionName region, int format) => driver.Reinstall(region.Name, (ushort)format);

    [Then("it does not start, because its log is in format {int}")]
    public void ThenItDoesNotStart(int format) =>
        driver.StartRefused!.Message.Should().Be($"Unknown batch version {format}; this build knows 2.");
}
