using Tidal.LivingDocumentation.Records;
using Tidal.Schema;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation.Tests.Drawings;

/// <summary>Scenarios as drivers run them.</summary>
internal static class Scenarios
{
    public static readonly string[] Regions = ["us-east", "eu-west", "ap-south"];

    public static ClusterDriver Founded(ulong seed = 7, string[]? regions = null, int shards = 5)
    {
        var driver = new ClusterDriver(seed);
        driver.Found(new Topology(regions ?? Regions, shards, replicas: 3));
        driver.AddItems([("song", (regions ?? Regions)[0], [])]);
        return driver;
    }

    public static SignalsSent Views(int number, string region = "us-east", string item = "song") => new(region, "ana", "view", item, number, "00:00:01");

    /// <summary>Lets time pass, with a step every so often, so that the axis is not broken.</summary>
    public static void PassBySteps(this ClusterDriver driver, double seconds)
    {
        for (var passed = 0; passed < seconds * 4; passed++)
        {
            driver.BeginStep("Given", "time passes");
            driver.Pass(TimeSpan.FromSeconds(0.25));
        }
    }

    public static Drawing Timeline(this ClusterDriver driver) => new(driver.Pictures("timeline").Single());

    public static IEnumerable<Picture> Pictures(this ClusterDriver driver, string kind) =>
        ScenarioEvidence.Of(driver).OfType<Picture>().Where(picture => picture.Kind == kind);

    public static Figure? Figure(this ClusterDriver driver, string key) => ScenarioEvidence.FiguresOf(driver).SingleOrDefault(figure => figure.Key == key);
}
