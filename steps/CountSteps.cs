using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What regions have counted, and how far they are behind each other.</summary>
[Binding]
public sealed class CountSteps(ClusterDriver driver)
{
    [Then("{region} has counted {int} {string} signals for {string}")]
    public void ThenItHasCounted(RegionName region, int number, string signal, string item) =>
        driver.Read(region.Name, item, signal).Count.Should().Be(number);

    [Given("within {int} second(s) {region} had counted {int} {string} signals for {string}")]
    [Then("within {int} second(s) {region} has counted {int} {string} signals for {string}")]
    public void WithinSecondsItHasCounted(int seconds, RegionName region, int number, string signal, string item)
    {
        driver.CountWithin(TimeSpan.FromSeconds(seconds), region.Name, number, signal, item).Should().Be(number);
        driver.Read(region.Name, item, signal).Count.Should().Be(number);
    }

    [Then("within {int} second(s) the regions hold {int} signal record(s), of which {int} count(s)")]
    public void ThenTheRegionsHoldRecords(int seconds, int records, int counting) =>
        driver.RecordsWithin(TimeSpan.FromSeconds(seconds), records).Should().Be((records, counting));

    [Then("the decay score of {string} for {string} is the same in {region} and {region}, to the bit")]
    public void ThenTheScoreIsTheSame(string item, string signal, RegionName first, RegionName second)
    {
        var score = driver.Read(first.Name, item, signal, "00:01:00").Score;
        score.Should().BePositive();
        BitConverter.DoubleToInt64Bits(driver.Read(second.Name, item, signal, "00:01:00").Score).Should().Be(BitConverter.DoubleToInt64Bits(score));
    }

    [Then("within {int} second(s) the regions have counted:")]
    public void ThenTheRegionsHaveCounted(int seconds, DataTable table)
    {
        var rows = table.Rows.Select(row => row.ToDictionary()).ToList();
        driver.CountedWithin(TimeSpan.FromSeconds(seconds), rows).Should().BeEquivalentTo(rows, options => options.WithStrictOrdering());
    }

    [Then("within {int} second(s) the regions are behind each other by:")]
    public void ThenTheLagIs(int seconds, DataTable table) =>
        table.Rows.Should().OnlyContain(row => driver.LagsWithin(TimeSpan.FromSeconds(seconds), row.ToDictionary()));
}
