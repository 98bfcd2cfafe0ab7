using System.Globalization;
using Tidal.Replication;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Clocks that lie, and what must hold all the same.</summary>
[Binding]
public sealed class ClockSteps(ClusterDriver driver)
{
    [StepArgumentTransformation(@"((?:are|is) right again|(?:are|is) \d+ (?:milli)?seconds (?:ahead|behind)|jump \d+ seconds (?:ahead|behind) and back every \d+ milliseconds|stand still)", Name = "lie")]
    public ClockLie Lie(string words)
    {
        var parts = words.Split(' ');
        if (parts.Length < 4)
            return parts[0] == "stand" ? ClockLie.Frozen : ClockLie.None;
        var number = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var ahead = (parts[2] == "seconds" ? TimeSpan.FromSeconds(number) : TimeSpan.FromMilliseconds(number)) * (parts[3] == "behind" ? -1 : 1);
        var every = TimeSpan.FromMilliseconds(parts[0] == "jump" ? int.Parse(parts[^2], CultureInfo.InvariantCulture) : 0);
        return parts[0] == "jump" ? ClockLie.Jumping(ahead, every) : ClockLie.Skewed(ahead);
    }

    [Given("the clocks in {region} {lie}")]
    public void GivenClocksLie(RegionName region, ClockLie lie) => driver.LetClocksLie(region.Name, lie);

    [Given("the clock of the primary of the shard of {string} in {region} {lie}")]
    public void GivenTheClockOfThePrimaryLies(string item, RegionName region, ClockLie lie) => driver.LetClockOfPrimaryLie(item, region.Name, lie);

    [Given("{region} has given {string} the {word} {string}")]
    public void GivenAnAttribute(RegionName region, string item, string attribute, string value)
    {
        driver.SetAttribute(item, attribute, value, region.Name);
        driver.Pass(TimeSpan.FromSeconds(1));
    }

    [Then("it is refused, because that clock is about {int} milliseconds {word}")]
    public void ThenTheClockIsOff(int milliseconds, string way)
    {
        driver.LastTry!.Result!.Refusal.Should().Be(RefusalReason.ClockOutOfBound);
        var said = driver.LastTry.Result.Problem!.Split(' ');
        said[6].Should().Be(way);
        int.Parse(said[4], CultureInfo.InvariantCulture).Should().BeCloseTo(milliseconds, 100);
    }
}
