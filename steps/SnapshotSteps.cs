using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Checkpoints, and snapshots of who is far behind.</summary>
[Binding]
public sealed class SnapshotSteps(ClusterDriver driver)
{
    [Then("no replica keeps more than {int} kB of log")]
    public void ThenTheLogIsBounded(int kilobytes) => driver.LargestLogBytes.Should().BeLessThanOrEqualTo(kilobytes * 1000);

    [Then("it has taken over a checkpoint")]
    public void ThenItTookOverACheckpoint() => driver.HasTakenOverACheckpoint.Should().BeTrue();

    [Then("{region} has taken over a snapshot of the shard of {string} from {region}")]
    public void ThenItTookOverASnapshot(RegionName region, string item, RegionName from) =>
        driver.SourcesOfSnapshots(region.Name, item).Should().Contain(from.Name);

    [Given("half of a snapshot of the shard of {string} has arrived in {region}")]
    public void GivenHalfOfASnapshotHasArrived(string item, RegionName region) => driver.AwaitHalfASnapshot(region.Name, item);
}
