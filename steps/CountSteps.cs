using System.Globalization;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What regions have counted, and how far they are behind each other.</summary>
[Binding]
public sealed class CountSteps(ClusterDriver driver)
{
    [Then("{region} has counted {int} {string} signals for {string}")]
    public void ThenItHasCounted(RegionName region, int number, string signal, string item) =>
        driver.Read(region.Name, item, signal).Count.Should().Be(number);

    [Given("within {int} seconds {region} had counted {int} {string} signals for {string}")]
    [Then("within {int} seconds {region} has counted {int} {string} signals for {string}")]
    public void WithinSecondsItHasCounted(int seconds, RegionName region, int number, string signal, string item)
    {
        driver.CountWithin(TimeSpan.FromSeconds(seconds), region.Name, number, signal, item).Should().Be(number);
        driver.Read(region.Name, item, signal).Count.Should().Be(number);
    }

    [Then("within {int} seconds the regions hold {int} signal record(s), of which {int} count(s)")]
    public void ThenTheRegionsHoldRecords(int seconds, int records, int counting) =>
        driver.RecordsWithin(TimeSpan.FromSeconds(seconds), records).Should().Be((records, counting));

    [Then("the decay score of {string} for {string} is the same in {region} and {region}, to the bit")]
    public void ThenTheScoreIsTheSame(string item, string signal, RegionName first, RegionName second)
    {
        var score = driver.Read(first.Name, item, signal, "00:01:00").Score;
        score.Should().BePositive();
        BitConverter.DoubleToInt64Bits(driver.Read(second.Name, item, signal, "00:01:00").Score).Should().Be(BitConverter.DoubleToInt64Bits(score));
    }

    [Then("within {int} seconds, read as of {time}, the regions hold:")]
    public void ThenTheRegionsHold(int seconds, TimeText time, DataTable table)
    {
        foreach (var row in table.Rows)
        {
            ThenWithinItHasCounted(seconds, row);
            var read = driver.Read(row["region"], row["item"], row["signal"], time.Text);
            read.Score.ToString("F6", CultureInfo.InvariantCulture).Should().Be(row["score"], row["region"]);
        }
    }

    private void ThenWithinItHasCounted(int seconds, DataTableRow row) => WithinSecondsItHasCounted(
        seconds - (int)(driver.Cluster.Elapsed - driver.LastSendingEnded).TotalSeconds, new RegionName(row["region"]),
        int.Parse(row["count"], CultureInfo.InvariantCulture), row["signal"], row["item"]);

    [Then("within {int} seconds the lag from {region} to {region} is {int} batches")]
    public void ThenWithinSecondsTheLagIs(int seconds, RegionName from, RegionName to, int batches) =>
        driver.LagWithin(TimeSpan.FromSeconds(seconds), from.Name, to.Name).Should().Be(batches);

    [Then("the lag from {region} to {region} is at least {int} batch(es) and at least {int} seconds")]
    public void ThenTheLagIsAtLeast(RegionName from, RegionName to, int batches, int seconds)
    {
        var lag = driver.Lag(from.Name, to.Name);
        lag.Batches.Should().BeGreaterThanOrEqualTo(batches);
        lag.Age.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(100));
    }
}
