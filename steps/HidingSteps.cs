using Tidal.Placement;
using Tidal.Replication;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What users hide and are shown, and their sessions.</summary>
[Binding]
public sealed class HidingSteps(ClusterDriver driver)
{
    [Given("{string} {hiding} {string} in {region}")]
    [When("{string} {hiding} {string} in {region}")]
    public void SomethingIsHidden(string user, HideSaid said, string target, RegionName region) =>
        driver.Hide(user, said, target, region.Name);

    [Given("{string} {hiding} {string} in {region}, which ended as {word}")]
    public void GivenHidingEnded(string user, HideSaid said, string target, RegionName region, WriteOutcomeKind outcome) =>
        driver.TryHide(user, said, target, region.Name).Should().Be(outcome);

    [Then("{string} is shown:")]
    public void ThenTheUserIsShown(string user, DataTable table) =>
        table.Rows.Select(row => $"{row["region"]}: {driver.Shown(user, row["region"], row.ContainsKey("tenant") ? row["tenant"] : null)}")
            .Should().Equal(table.Rows.Select(row => $"{row["region"]}: {row["items"]}"));

    [When("{string} asks {string} in {region}, ready to {patience}")]
    public void WhenTheUserAsks(string user, string query, RegionName region, BehindSession patience) =>
        driver.AskInSession(user, region.Name, query, patience);

    [Then("{string}, ready to {patience}, is told {count} of the {string} signals for {string} in {region}")]
    public void ThenTheUserIsTold(string user, BehindSession patience, CountTold told, string signal, string item, RegionName region) =>
        driver.CountInSession(user, region.Name, item, signal, patience).Should().Be(told.Count);
}
