using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Tenants that move from region to region.</summary>
[Binding]
public sealed class MovingSteps(ClusterDriver driver)
{
    [Given("clients in all regions write and ask all the time")]
    public void GivenClientsWriteAndAsk() => driver.BeginTraffic();

    [Given("{string} has been moved to {regions}")]
    [When("{string} is moved to {regions}")]
    public void IsMovedTo(string tenant, RegionNames regions) => driver.Move(tenant, regions.Names);

    [Given("within {int} second(s) it had come to where {stage}")]
    [Then("within {int} second(s) it has come to where {stage}")]
    public void ItHasComeToWhere(int seconds, Stage stage) =>
        driver.Cluster.RunUntil(() => stage.IsReached(driver), TimeSpan.FromSeconds(seconds)).Should().BeTrue();

    [Given("within {int} seconds it had come to {regions} and left no byte anywhere else")]
    [Then("within {int} seconds it has come to {regions} and left no byte anywhere else")]
    public void ItHasComeTo(int seconds, RegionNames regions) =>
        driver.MovedWithin(TimeSpan.FromSeconds(seconds)).Should().BeEquivalentTo(regions.Names);

    [Then("within {int} second(s) it waits because {string}")]
    public void ThenItWaits(int seconds, string why) => driver.WaitsWithin(TimeSpan.FromSeconds(seconds), why).Should().Contain(why);

    [Then("no client noticed anything")]
    public void ThenNoClientNoticed()
    {
        Math.Min(driver.Traffic.Queries, driver.Traffic.Writes).Should().BeGreaterThan(20);
        driver.Traffic.CameShort.Should().BeEmpty("every query is answered in full");
        driver.Traffic.Retried.Should().BeEmpty("every write is acknowledged at its first try");
    }
}
