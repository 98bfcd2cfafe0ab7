using Tidal.Testing.Drivers;
using Tidal.Testing.Faults;

namespace TidalBdd.Steps;

/// <summary>Faults between regions and of replicas.</summary>
[Binding]
public sealed class FaultSteps(ClusterDriver driver)
{
    [Given("{region} is cut off from every other region")]
    [When("{region} is cut off from every other region")]
    public void ARegionIsCutOff(RegionName region) => driver.Isolate(region.Name);

    [Given("{regions} are cut off from each other")]
    [When("{regions} are cut off from each other")]
    public void RegionsAreCutOff(RegionNames regions) => driver.Separate(regions.Names);

    [Given("messages from {region} to {region} are lost")]
    public void GivenMessagesAreLost(RegionName from, RegionName to) => driver.LoseMessages(from.Name, to.Name);

    [Given("log data from {region} to {region} is held up for {int} seconds")]
    public void GivenLogDataIsHeldUp(RegionName from, RegionName to, int seconds) =>
        driver.HoldUp(from.Name, to.Name, TimeSpan.FromSeconds(seconds));

    [Given("{int}% of the messages between {region} and {region} are lost and {int}% arrive twice")]
    public void GivenALossyLink(int loss, RegionName first, RegionName second, int duplication) =>
        driver.MakeLossy(first.Name, second.Name, loss, duplication);

    [Given("the partition has healed")]
    [When("the partition heals")]
    public void ThePartitionHeals() => driver.Heal();

    [Given("the partition heals in {int} milliseconds")]
    public void GivenThePartitionWillHeal(int milliseconds) => driver.HealIn(TimeSpan.FromMilliseconds(milliseconds));

    [Given("{replicas} of the shard of {string} in {region} {crash}")]
    [When("{replicas} of the shard of {string} in {region} {crash}")]
    public void ReplicasCrash(ReplicasNamed replicas, string item, RegionName region, CrashSaid crash) =>
        driver.Crash(item, region.Name, replicas.Followers, replicas.Primary, crash.Disk);

    [Given("a {string} signal by {string} for {string} is half written on the primary in {region} when its power fails")]
    public void GivenThePrimaryLostItsPower(string signal, string user, string item, RegionName region) =>
        driver.CrashPrimaryTearing(new SignalsSent(region.Name, user, signal, item, 1));

    [Given("the primary of the shard of {string} in {region} is cut off from its followers")]
    public void GivenThePrimaryIsCutOff(string item, RegionName region) => driver.CutOffPrimary(item, region.Name);

    [When("the primary of the shard of {string} in {region} crashes {int} times, each time back before the next, its disk {word}, while {string} sends {int} {string} signals for it")]
    public void WhenCrashesInARow(string item, RegionName region, int times, DiskFate disk, string user, int number, string signal) =>
        driver.CrashInARow(times, disk, new SignalsSent(region.Name, user, signal, item, number));

    [Given("the crashed replica has come back")]
    [When("the crashed replica(s) come(s) back")]
    public void TheCrashedReplicasComeBack() => driver.ReturnAllCrashed();
}
