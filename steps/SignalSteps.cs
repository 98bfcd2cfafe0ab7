using Tidal.Replication;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Signals sent, and what becomes of them.</summary>
[Binding]
public sealed class SignalSteps(ClusterDriver driver)
{
    [Given("these signals were accepted:")]
    [When("these signals are accepted:")]
    public void SignalsAreAccepted(IReadOnlyList<SignalsSent> signals)
    {
        foreach (var row in signals)
            driver.Send(row);
        driver.BecomeQuiet();
    }

    [Given("{string} has sent {int} {string} signals for {string} in {region}")]
    public void GivenSignalsWereSent(string user, int number, string signal, string item, RegionName region)
    {
        driver.Send(new SignalsSent(region.Name, user, signal, item, number));
        driver.Pass(TimeSpan.FromSeconds(1));
    }

    [When("{string} sends {int} {string} signals for {string} in {region}")]
    public void WhenSignalsAreSent(string user, int number, string signal, string item, RegionName region) =>
        driver.Send(new SignalsSent(region.Name, user, signal, item, number));

    [Given("{string} has sent {int} {string} signals for {string} in {region}, retrying what was not acknowledged")]
    [When("{string} sends {int} {string} signals for {string} in {region}, retrying what is not acknowledged")]
    public void SignalsAreSentWithRetries(string user, int number, string signal, string item, RegionName region) =>
        driver.SendWithRetries(new SignalsSent(region.Name, user, signal, item, number));

    [When("{string} sends a {string} signal for {string} in {region}")]
    public void WhenASignalIsTried(string user, string signal, string item, RegionName region) =>
        driver.TrySend(new SignalsSent(region.Name, user, signal, item, 1));

    [When("{string} sends a {string} signal for {string} in {region} that happens in {int} minutes")]
    public void WhenASignalOfTheFutureIsTried(string user, string signal, string item, RegionName region, int minutes) =>
        driver.TrySend(new SignalsSent(region.Name, user, signal, item, 1), TimeSpan.FromMinutes(minutes));

    [When("the last one is sent again under the same operation id")]
    public void WhenTheLastIsSentAgain() => driver.SendAgain();

    [Then("it is acknowledged")]
    public void ThenItIsAcknowledged() => driver.LastTry!.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);

    [Then("sent again under the same operation id it is acknowledged")]
    public void ThenSentAgainItIsAcknowledged() => driver.SendAgain().Outcome.Should().Be(WriteOutcomeKind.Acknowledged);

    [Then("the outcome of that signal is unknown")]
    public void ThenTheOutcomeIsUnknown() => driver.AwaitPending().Outcome.Should().Be(WriteOutcomeKind.Unknown);

    [Then("the signal is refused as invalid: {string}")]
    public void ThenTheSignalIsInvalid(string problem)
    {
        driver.LastTry!.Result!.Refusal.Should().Be(RefusalReason.Invalid);
        driver.LastTry.Result.Problem.Should().StartWith(problem);
    }

    [Then("the signal is refused because there are not enough replicas")]
    public void ThenThereAreNotEnoughReplicas() =>
        driver.LastTry!.Result!.Refusal.Should().Be(RefusalReason.NotEnoughReplicas);

    [Then("within {int} seconds a {string} signal by {string} for {string} is accepted in {region}")]
    public void ThenASignalIsAccepted(int seconds, string signal, string user, string item, RegionName region)
    {
        var began = driver.Cluster.Elapsed;
        driver.SendWithRetries(new SignalsSent(region.Name, user, signal, item, 1));
        (driver.Cluster.Elapsed - began).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds));
    }

    [Then("every signal was acknowledged at the first try")]
    public void ThenNothingWasRetried() => driver.Retries.Should().Be(0);
}
