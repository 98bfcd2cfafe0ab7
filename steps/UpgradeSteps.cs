using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>The software of the nodes, replaced under load.</summary>
[Binding]
public sealed class UpgradeSteps(ClusterDriver driver)
{
    [Given("{nodes} are/is started with software that reads log format {int}")]
    [When("{nodes} are/is started with software that reads log format {int}")]
    public void NodesAreStarted(NodesNamed nodes, int format) => nodes.Start(driver, (ushort)format);

    [Given("users in every region keep sending {string} signals for {string} and {string} and asking queries")]
    public void GivenUsersGoOn(string signal, string item, string other) => driver.BeginLoad(signal, item, other);

    [Given("the cluster has begun to be upgraded to software that reads log format {int}")]
    [When("the cluster is upgraded to software that reads log format {int}")]
    public void TheClusterIsUpgraded(int format) => driver.Upgrade((ushort)format);

    [Given("within {int} second(s) {int} nodes had been upgraded, one at a time")]
    [Then("within {int} second(s) {int} nodes have been upgraded, one at a time")]
    public void NodesAreUpgraded(int seconds, int nodes)
    {
        driver.UpgradedWithin(TimeSpan.FromSeconds(seconds)).Should().Be(nodes);
        driver.NodesDownMost.Should().Be(1);
    }

    [Then("the regions write log format {int}")]
    public void ThenTheyWrite(int format) => driver.FormatsWritten().Should().Equal(format);

    [Then("every query was answered in full")]
    public void ThenEveryQueryWasAnswered()
    {
        driver.Load.Answered.Should().BeGreaterThan(100);
        driver.Load.Degraded.Should().BeEmpty();
    }
}
