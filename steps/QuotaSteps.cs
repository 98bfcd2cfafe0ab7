using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Tenants that ask for more than they may.</summary>
[Binding]
public sealed class QuotaSteps(ClusterDriver driver)
{
    [Given("{string} is sending {int} {string} signals a second for {string} in {region}")]
    public void GivenSignalsAreBeingSent(string user, int perSecond, string signal, string item, RegionName region) =>
        driver.BeginSending(new SignalsSent(region.Name, user, signal, item, perSecond), perSecond);

    [When("{region} is given the item {string}")]
    public void WhenItIsGivenTheItem(RegionName region, string item) => driver.AddItem(region.Name, item);

    [Then("of those sent in {region} {int} to {int} were acknowledged, and all others were told {string}")]
    public void ThenOthersWereTold(RegionName region, int least, int most, string beginning)
    {
        var (acknowledged, told) = driver.EndSending(region.Name);
        acknowledged.Should().BeInRange(least, most);
        told.Should().NotBeEmpty().And.OnlyContain(text => text.StartsWith(beginning));
    }

}
