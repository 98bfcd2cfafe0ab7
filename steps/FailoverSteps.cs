using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Failovers, and the return of what crashed.</summary>
[Binding]
public sealed class FailoverSteps(ClusterDriver driver)
{
    [Then("within {int} seconds a follower of that shard is its primary")]
    public void AFollowerIsPrimary(int seconds) =>
        driver.IsFailedOverWithin(TimeSpan.FromSeconds(seconds)).Should().BeTrue();

    [Given("a {string} signal by {string} for {string} {reach} in {region}")]
    public void GivenASignalHasReached(string signal, string user, string item, SignalReach reach, RegionName region) =>
        driver.SendUntil(new SignalsSent(region.Name, user, signal, item, 1), reach);

    [Given("the primary crashes and its followers elect another, which accepts {int} {string} signals for {string}")]
    public void GivenItsFollowersElectAnother(int number, string signal, string item)
    {
        driver.CrashPrimary(item, "us-east");
        driver.ReturnAllButLastCrashed();
        driver.Send(new SignalsSent("us-east", "cleo", signal, item, number), retries: true);
    }

    [Then("within {int} seconds it is a follower and holds the same log as the new primary")]
    public void ThenItHoldsTheSameLog(int seconds)
    {
        driver.IsCaughtUpWithin(TimeSpan.FromSeconds(seconds)).Should().BeTrue();
        driver.IsPrimary.Should().BeFalse();
    }

    [Then("it has cut off the signal that it alone had written")]
    public void ThenItHasCutItsTail() => driver.HasCutItsTail.Should().BeTrue();

    [Then("it is a learner at first, without a vote")]
    public void ThenItIsALearner() => driver.IsVoter.Should().BeFalse();

    [Given("two of three replicas of the shard of {string} in {region} have lost their disks")]
    public void GivenTwoDisksAreLost(string item, RegionName region) => driver.LoseDisks(item, region.Name, 2);

    [Given("an operator has founded the shard of {string} in {region} anew")]
    [When("an operator founds the shard of {string} in {region} anew")]
    public void AnOperatorFoundsItAnew(string item, RegionName region) => driver.FoundAnew(item, region.Name);

    [Then("within {int} seconds it is a voter again")]
    public void ThenItIsAVoterAgain(int seconds) => driver.IsVoterWithin(TimeSpan.FromSeconds(seconds)).Should().BeTrue();
}
