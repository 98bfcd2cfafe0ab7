using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Failovers, and the return of what crashed.</summary>
[Binding]
public sealed class FailoverSteps(ClusterDriver driver)
{
    [Then("within {int} seconds a follower of that shard is its primary")]
    public void AFollowerIsPrimary(int seconds) =>
        driver.IsFailedOverWithin(TimeSpan.FromSeconds(seconds)).Should().BeTrue();

    [Given("a {string} signal by {string} for {string} in {region} {midway}")]
    public void GivenASignalIsUnderWay(string signal, string user, string item, RegionName region, Midway midway) =>
        midway.Bring(driver, new SignalsSent(region.Name, user, signal, item, 1));

    [Then("within {int} second(s) it is {role}")]
    public void ThenItIs(int seconds, ReplicaRole role) => driver.HasRoleWithin(TimeSpan.FromSeconds(seconds), role).Should().BeTrue();

    [Given("an operator has founded the shard of {string} in {region} anew")]
    [When("an operator founds the shard of {string} in {region} anew")]
    public void AnOperatorFoundsItAnew(string item, RegionName region) => driver.FoundAnew(item, region.Name);
}
