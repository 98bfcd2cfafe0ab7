using Tidal.Replication;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Signals sent, and what becomes of them.</summary>
[Binding]
public sealed class SignalSteps(ClusterDriver driver)
{
    [Given("these signals were accepted:")]
    public void GivenSignalsWereAccepted(IReadOnlyList<SignalsSent> signals)
    {
        WhenSignalsAreAccepted(signals);
        driver.BecomeQuiet();
    }

    [Given("these signals were sent:")]
    [When("these signals are accepted:")]
    public void WhenSignalsAreAccepted(IReadOnlyList<SignalsSent> signals)
    {
        foreach (var row in signals)
            driver.Send(row);
    }

    [Given("the clients send all that they have in one call")]
    public void GivenSignalsAreSentTogether() => driver.SendsTogether = true;

    [Given("{string} has sent {int} {string} signals for {string} in {sentTo}")]
    public void GivenSignalsWereSent(string user, int number, string signal, string item, SentTo to)
    {
        WhenSignalsAreSent(user, number, signal, item, to);
        driver.Pass(TimeSpan.FromSeconds(1));
    }

    [When("{string} sends {int} {string} signals for {string} in {sentTo}")]
    public void WhenSignalsAreSent(string user, int number, string signal, string item, SentTo to) =>
        driver.Send(new SignalsSent(to.Region, user, signal, item, number), to.Retries);

    [When("{string} sends a {string} signal for {string} in {region}")]
    public void WhenASignalIsTried(string user, string signal, string item, RegionName region) =>
        driver.TrySend(new SignalsSent(region.Name, user, signal, item, 1));

    [When("{string} sends a {string} signal for {string} in {region} that happens in {int} minutes")]
    public void WhenASignalOfTheFutureIsTried(string user, string signal, string item, RegionName region, int minutes) =>
        driver.TrySend(new SignalsSent(region.Name, user, signal, item, 1), TimeSpan.FromMinutes(minutes));

    [Given("a {string} signal by {string} for {string} ended as {word} in {region}")]
    public void GivenASignalEnded(string signal, string user, string item, WriteOutcomeKind outcome, RegionName region)
    {
        driver.TrySend(new SignalsSent(region.Name, user, signal, item, 1));
        driver.LastTry!.Result!.Outcome.Should().Be(outcome);
    }

    [Given("{written} has been sent again in {regions}")]
    [When("{written} is sent again in {regions}")]
    public void TheLastIsSentAgain(WrittenLast written, RegionNames regions) => written.SendAgain(driver, regions.Names);

    [Given("the last signal has been taken back in {regions}")]
    [When("the last signal is taken back in {regions}")]
    public void TheLastIsTakenBack(RegionNames regions) => driver.TakeBack(regions.Names);

    [Given("the session of the clients in {region} has ended")]
    public void GivenTheSessionHasEnded(RegionName region) => driver.EndSession(region.Name);

    [Given("it was {fate}")]
    [Then("it is {fate}")]
    public void ItIs(Fate fate)
    {
        var result = driver.Outcome();
        result.Outcome.Should().Be(fate.Outcome);
        result.Refusal.Should().Be(fate.Refusal ?? result.Refusal);
        result.Unknown.Should().Be(fate.Unknown ?? result.Unknown);
        (result.Problem ?? "").Contains(fate.Problem).Should().BeTrue(result.Problem);
    }

    [Then("every signal was acknowledged {promptness}")]
    public void ThenAllWereAcknowledged(Promptness promptness)
    {
        if (promptness.Within is { } bound)
            driver.LastSendingTook.Should().BePositive().And.BeLessThanOrEqualTo(bound);
        else if (promptness.Longer is { } longer)
            driver.LastSendingTookLonger.Should().BeLessThanOrEqualTo(longer);
        else
            driver.Retries.Should().Be(0);
    }
}
