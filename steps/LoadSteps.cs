using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Signals by the ten thousand a second, in real time, and what is measured of them.</summary>
[Binding]
public sealed class LoadSteps(ClusterDriver driver)
{
    [When("{int} signals a second are sent to {string}, a third in each region")]
    public void WhenSignalsAreSent(int perSecond, string tenant)
    {
        driver.SpeakOf(tenant);
        driver.BeginMeasuredLoad(perSecond);
    }

    [When("users in every region hide items and ask what there is for them")]
    public void WhenUsersHide() => driver.BeginHiding();

    [Then("for {int} seconds signals reach every region: 99 of 100 within {int} seconds, and 99 of 100 with less than {int} milliseconds of our own")]
    public void ThenSignalsReachEveryRegion(int seconds, int within, int ownMilliseconds)
    {
        var lag = driver.LagOver(TimeSpan.FromSeconds(seconds));
        lag.Count.Should().BePositive();
        lag.At(0.99).Should().BeLessThan(TimeSpan.FromSeconds(within));
        lag.At(0.99).Should().BeLessThan(TimeSpan.FromMilliseconds(ownMilliseconds), "the links take no time: all of it is ours");
    }

    [Then("within {int} seconds of the crash it acknowledges signals")]
    public void ThenItAcknowledges(int seconds) =>
        driver.AcknowledgedAgainWithin(TimeSpan.FromSeconds(seconds)).Should().NotBeNull().And.BeLessThan(TimeSpan.FromSeconds(seconds));

    [Then("within {int} seconds {region} and the other regions have reconciled")]
    public void ThenTheyHaveReconciled(int seconds, RegionName region) =>
        driver.MissingOfReconciliationWithin(TimeSpan.FromSeconds(seconds), region.Name).Should().BeNull();

    [When("the signals end, after {int} seconds at least")]
    public void WhenTheSignalsEnd(int seconds) => driver.EndMeasuredLoad(TimeSpan.FromSeconds(seconds));

    [Then("{int} signals a second were accepted, without a pause, and reached every region: 99 of 100 within {int} seconds")]
    public void ThenSignalsWereAccepted(int perSecond, int within)
    {
        driver.Measured.Load.Refused.Should().Be((0L, null));
        driver.Measured.Load.AcceptedPerSecond.Should().BeGreaterThanOrEqualTo(perSecond);
        driver.Measured.Load.AcceptedBySecond.SkipLast(1).Should().OnlyContain(accepted => accepted > 0);
        driver.Measured.Lag.At(0.99).Should().BeLessThan(TimeSpan.FromSeconds(within));
    }

    [Then("nothing hidden was shown")]
    public void ThenNothingHiddenWasShown()
    {
        driver.LeaksSeen.Leaks.Should().Be(0);
        driver.LeaksSeen.Answers.Should().BeGreaterThan(20);
    }
}
