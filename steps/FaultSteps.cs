using Tidal.Testing.Drivers;
using Tidal.Testing.Faults;

namespace TidalBdd.Steps;

/// <summary>Faults between regions and of replicas.</summary>
[Binding]
public sealed class FaultSteps(ClusterDriver driver)
{
    [Given("{regions} is/are cut off from {others}")]
    [When("{regions} is/are cut off from {others}")]
    public void RegionsAreCutOff(RegionNames regions, Others others) => others.CutOff(driver, regions.Names);

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

    [Given("{replicas} of the shard of {string} in {region} has/have crashed")]
    [When("{replicas} of the shard of {string} in {region} crash(es)")]
    public void ReplicasCrash(ReplicasNamed replicas, string item, RegionName region) =>
        driver.Crash(item, region.Name, replicas.Followers, replicas.Primary);

    [Given("{replicas} of the shard of {string} in {region} has/have crashed and lost its/their disk(s)")]
    public void GivenReplicasLostTheirDisks(ReplicasNamed replicas, string item, RegionName region) =>
        driver.Crash(item, region.Name, replicas.Followers, replicas.Primary, DiskFate.Lost);

    [Given("{part} has crashed, to be back in {int} second(s)")]
    public void GivenAPartHasCrashed(PartNamed part, int seconds) => part.Crash(driver, TimeSpan.FromSeconds(seconds));

    [Given("the primary of the shard of {string} in {region} is cut off from its followers")]
    public void GivenThePrimaryIsCutOff(string item, RegionName region) => driver.CutOffPrimary(item, region.Name);

    [When("the primary of the shard of {string} in {region} crashes {int} times, each time back before the next, its disk {word}, while {string} sends {int} {string} signals for it")]
    public void WhenCrashesInARow(string item, RegionName region, int times, DiskFate disk, string user, int number, string signal) =>
        driver.CrashInARow(times, disk, new SignalsSent(region.Name, user, signal, item, number));

    [Given("{crashed} has/have come back")]
    [When("{crashed} come(s) back")]
    public void TheCrashedComeBack(CrashedNamed crashed) => driver.ReturnCrashed(crashed.FollowersAlone);
}
