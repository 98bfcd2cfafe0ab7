using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Regions that come to agree after a partition: what they plan, and what they report.</summary>
[Binding]
public sealed class ReconciliationSteps(ClusterDriver driver)
{
    [When("{region} is cut off from every other region {int} times, {int} second(s) each, while {string} sends {int} {string} signals for {string} in each region")]
    public void WhenARegionComesAndGoes(RegionName region, int times, int seconds, string user, int number, string signal, string item) =>
        driver.Flap(region.Name, times, TimeSpan.FromSeconds(seconds), new SignalsSent(region.Name, user, signal, item, number));

    [Given("the partition has healed so far that {region} and {region} have a plan for {string}")]
    public void GivenAHealIsUnderWay(RegionName first, RegionName second, string item) => driver.HealUntilPlanned(first.Name, second.Name, item);

    [Then("within {int} seconds the regions agree")]
    public void ThenTheRegionsAgree(int seconds) => driver.AgreeWithin(TimeSpan.FromSeconds(seconds)).Should().BeTrue();

    [Given("the plan between {region} and {region} for {string} was:")]
    [Then("the plan between {region} and {region} for {string} is:")]
    public void ThePlanIs(RegionName first, RegionName second, string item, DataTable table)
    {
        var plan = driver.PlanBetween(first.Name, second.Name, item);
        driver.PlanBetween(second.Name, first.Name, item).Should().Be(plan, "it is the same on either side");
        driver.OriginsOf(plan).Should().BeEquivalentTo(table.Rows.Select(row => row.Values.ToArray()), options => options.WithStrictOrdering());
    }

    [Then("within {int} seconds {region} and {region} report of {string}, both by the same plan:")]
    public void ThenTheyReport(int seconds, RegionName first, RegionName second, string item, DataTable table)
    {
        var reports = driver.ReportsWithin(TimeSpan.FromSeconds(seconds), first.Name, second.Name, item);
        reports.Select(report => report.Plan).Distinct().Should().ContainSingle();
        reports.Select(driver.ColumnsOf).Select(columns => string.Join(" | ", table.Header.Select(column => columns[column])))
            .Should().Equal(table.Rows.Select(row => string.Join(" | ", row.Values)));
    }

    [Then("no region has made a plan")]
    public void ThenNothingIsPlanned() => driver.PlansMade.Should().Be(0);
}
