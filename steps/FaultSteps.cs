using Tidal.Testing.Drivers;
using Tidal.Testing.Faults;

namespace TidalBdd.Steps;

/// <summary>Faults between regions and of replicas.</summary>
[Binding]
public sealed class FaultSteps(ClusterDriver driver)
{
    [Given("{region} is cut off from every other region")]
    public void GivenARegionIsCutOff(RegionName region) => driver.Isolate(region.Name);

    [Given("{region} and {region} are cut off from each other")]
    public void GivenTwoRegionsAreCutOff(RegionName first, RegionName second) => driver.Separate(first.Name, second.Name);

    [Given("messages from {region} to {region} are lost")]
    public void GivenMessagesAreLost(RegionName from, RegionName to) => driver.LoseMessages(from.Name, to.Name);

    [Given("{int}% of the messages between {region} and {region} are lost and {int}% arrive twice")]
    public void GivenALossyLink(int loss, RegionName first, RegionName second, int duplication) =>
        driver.MakeLossy(first.Name, second.Name, loss, duplication);

    [Given("the partition has healed")]
    public void GivenThePartitionHasHealed() => driver.Heal();

    [Given("{replicas} of the shard of {string} in {region} has/have crashed")]
    public void GivenReplicasHaveCrashed(ReplicasNamed replicas, string item, RegionName region) =>
        driver.Crash(item, region.Name, replicas.Followers, replicas.Primary);

    [When("the primary of the shard of {string} in {region} crashes")]
    public void WhenThePrimaryCrashes(string item, RegionName region) => driver.CrashPrimary(item, region.Name);

    [Given("the primary of the shard of {string} in {region} has crashed and lost its disk")]
    public void GivenThePrimaryLostItsDisk(string item, RegionName region) =>
        driver.CrashPrimary(item, region.Name, DiskFate.Lost);

    [Given("the primary of the shard of {string} in {region} has crashed in a power failure that tore its last write")]
    public void GivenThePrimaryLostItsPower(string item, RegionName region) => driver.CrashPrimaryTearingItsLastWrite(item, region.Name);

    [When("the primary of the shard of {string} in {region} crashes {int} times in a row, its disk {word}, while {string} sends {int} {string} signals for it")]
    public void WhenCrashesInARow(string item, RegionName region, int times, DiskFate disk, string user, int number, string signal) =>
        driver.CrashInARow(times, disk, new SignalsSent(region.Name, user, signal, item, number));

    [When("the crashed replica comes back")]
    public void WhenTheCrashedReplicaComesBack() => driver.ReturnLastCrashed();
}
