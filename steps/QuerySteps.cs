using System.Globalization;
using Tidal.Query;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Questions and answers.</summary>
[Binding]
public sealed class QuerySteps(ClusterDriver driver)
{
    [When("{region} is asked {string}")]
    public void WhenItIsAsked(RegionName region, string query) => driver.Ask(region.Name, query);

    [Given("{region} was asked as of {time} {string}")]
    [When("{region} is asked as of {time} {string}")]
    public void WhenItIsAskedAsOf(RegionName region, TimeText time, string query) => driver.Ask(region.Name, query, time.Text);

    [When("{region} is asked {string} with the cursor of the answer")]
    public void WhenItIsAskedToGoOn(RegionName region, string query) => driver.AskToGoOn(region.Name, query);

    [Then("the answer lists {string}")]
    public void ThenTheAnswerLists(string items) =>
        string.Join(", ", driver.AnswerGiven.Items.Select(item => item.Item)).Should().Be(items);

    [Then("the answer lists:")]
    public void ThenTheAnswerLists(DataTable table) =>
        driver.AnswerGiven.Items.Select(item => $"{item.Item} {item.Score.ToString("F6", CultureInfo.InvariantCulture)}")
            .Should().Equal(table.Rows.Select(row => $"{row["item"]} {row["score"]}"));

    [Then("the answer has no cursor")]
    public void ThenThereIsNoCursor() => driver.AnswerGiven.NextCursor.Should().BeNull();

    [Then("the answer lists nothing but explains:")]
    public void ThenTheAnswerExplains(string plan)
    {
        driver.AnswerGiven.Explanation.Should().Be(plan.ReplaceLineEndings("\n"));
        driver.AnswerGiven.Items.Should().BeEmpty();
        driver.AnswerGiven.Stats.Asked.Should().BeEmpty();
    }

    [Then("no item of the answer is at home in {region}")]
    public void ThenNoItemIsAtHomeIn(RegionName region) =>
        driver.HomesOfTheAnswer.Should().NotBeEmpty().And.NotContain(region.Name);

    [Then("the answer is whole")]
    public void ThenTheAnswerIsWhole()
    {
        driver.AnswerGiven.Stats.IsDegraded.Should().BeFalse();
        driver.AnswerGiven.Stats.Answered.Should().Equal(driver.AnswerGiven.Stats.Asked);
    }

    [Then("the answer is degraded: {shards} of {regions} is/are missing, because of {reason}")]
    public void ThenShardsAreMissing(ShardsNamed shards, RegionNames regions, MissingReason reason)
    {
        driver.AnswerGiven.Stats.IsDegraded.Should().BeTrue();
        driver.AnswerGiven.Stats.Missing.Should().OnlyContain(missing => missing.Reason == reason);
        driver.Cluster.Topology.ShardCount.Should().Be(shards.All ?? driver.Cluster.Topology.ShardCount);
        driver.AnswerGiven.Stats.Missing.Select(missing => missing.Place).Should().BeEquivalentTo(driver.PlacesOf(regions.Names, shards.Item));
    }

    [Then("the answer says that the shard of {string} in {region} is between {int} and {int} seconds stale")]
    public void ThenAShardIsStale(string item, RegionName region, int least, int most)
    {
        var staleness = driver.AnswerGiven.Stats.Staleness.Should().ContainSingle().Subject;
        staleness.Place.Should().Be(new ShardPlace(driver.Region(region.Name), driver.ShardOf(item)));
        staleness.Age.TotalSeconds.Should().BeInRange(least, most);
    }

    [Then("the answer says that it is between {int} and {int} seconds behind {region}")]
    public void ThenItIsBehind(int least, int most, RegionName region) =>
        driver.StalenessBehind(region.Name).TotalSeconds.Should().BeInRange(least, most);

    [Then("the query is refused:")]
    public void ThenTheQueryIsRefused(string caret) => (driver.Refusal?.Excerpt).Should().Be(caret.ReplaceLineEndings("\n"));

    [Then("it is refused: {string}")]
    public void ThenItIsRefused(string why) => driver.WhyRefused.Should().Be(why);
}
