using Tidal.LivingDocumentation.Drawing;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation;

/// <summary>
/// Takes the evidence of a scenario, from what its driver noted and its cluster knows. It only looks, lets no time pass, and never throws,
/// in whatever state a failure has left them.
/// </summary>
public static class ScenarioEvidence
{
    /// <summary>What is to be shown of a scenario, in order; nothing where nothing says something.</summary>
    /// <param name="driver">The scenario's driver, before it is disposed of.</param>
    public static IReadOnlyList<Evidence> Of(ClusterDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        if (!driver.HasCluster)
            return [];
        return [.. Takers.SelectMany(taker => Taken(taker.Name, () => taker.Take(driver)))];
    }

    /// <summary>What was measured or counted in a scenario.</summary>
    /// <param name="driver">The scenario's driver, before it is disposed of.</param>
    public static IReadOnlyList<Figure> FiguresOf(ClusterDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        try
        {
            return driver.HasCluster ? [.. ScenarioFigures.Of(driver)] : [];
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return [];
        }
    }

    private static readonly (string Name, Func<ClusterDriver, IEnumerable<Evidence?>> Take)[] Takers =
    [
        ("The timeline", driver => [TimelinePicture.Of(StoryReader.Read(driver))]),
        ("The lag", LagOf),
        ("What the answers cover", driver => [CoveragePicture.Of(driver)]),
        ("Counts and scores", driver => [CountTable.Of(driver)]),
        ("How the regions came to agree", driver => MergeTables.Of(driver.Cluster)),
        ("Figures of the load", driver => [LoadTable.Of(driver.MeasuredLoad)]),
    ];

    private static IEnumerable<Evidence?> LagOf(ClusterDriver driver) =>
    [
        LagPicture.Of("Lag from region to region", driver.TakeArrivals() ?? driver.MeasuredLoad?.Lag, TimeSpan.FromSeconds(Limits.LagSeconds)),
        LagPicture.Of("Of that our own code, while nothing was done to the cluster", driver.MeasuredLoad?.Undisturbed, TimeSpan.FromMilliseconds(Limits.OwnLagMilliseconds)),
    ];

    // A failure must not hide the failure that the evidence is of.
    internal static IReadOnlyList<Evidence> Taken(string name, Func<IEnumerable<Evidence?>> take)
    {
        try
        {
            return [.. take().OfType<Evidence>()];
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return [new PlainText(name, "It could not be taken.", $"{broken.GetType().Name}: {broken.Message}")];
        }
    }
}
