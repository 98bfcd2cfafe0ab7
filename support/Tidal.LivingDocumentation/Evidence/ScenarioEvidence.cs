using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation;

/// <summary>What a scenario has to show beside its steps, taken from its cluster. Asked after the audit, while the cluster still stands.</summary>
public static class ScenarioEvidence
{
    /// <summary>What is to be shown, in order; empty where nothing says something.</summary>
    /// <param name="driver">The scenario's driver.</param>
    public static IReadOnlyList<Records.Evidence> Of(ClusterDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        return driver.Figures is { } figures ? [new PlainText("What was measured", "The figures of this scenario, each beside its limit.", figures)] : [];
    }

    /// <summary>What was measured or counted.</summary>
    /// <param name="driver">The scenario's driver.</param>
    public static IReadOnlyList<Figure> FiguresOf(ClusterDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        return [];
    }
}
