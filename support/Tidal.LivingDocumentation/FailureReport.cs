using System.Globalization;
using System.Text;
using Tidal.Replication;
using Tidal.Testing;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation;

/// <summary>What a failing scenario leaves behind: its seed, the one command that shows it again, and what happened last.</summary>
public static class FailureReport
{
    private const int LinesShown = 40;

    /// <summary>How to see a failure again, and what happened before it.</summary>
    /// <param name="driver">The scenario's driver.</param>
    /// <param name="title">The scenario's title.</param>
    public static string Of(ClusterDriver driver, string title)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {driver.Seed}. To see it again: {ReplayOf(driver, title)}");
        if (driver.HasCluster)
            AppendHistory(text, driver.Cluster);
        return text.ToString();
    }

    /// <summary>The one command that runs a scenario again as it ran, for a shell.</summary>
    /// <param name="driver">The scenario's driver.</param>
    /// <param name="title">The scenario's title.</param>
    public static string ReplayOf(ClusterDriver driver, string title)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var substrate = Substrate.OfEnvironment == SubstrateKind.VirtualTime ? "" : $"{Substrate.Variable}=realtime ";
        return string.Create(CultureInfo.InvariantCulture, $"{substrate}{ScenarioSeed.Variable}={driver.Seed} dotnet test --filter \"DisplayName~{Escape(title)}\"");
    }

    private static void AppendHistory(StringBuilder text, ClusterUnderTest cluster)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"It failed after {cluster.Elapsed.TotalSeconds:0.000} s of {(cluster is SimulatedCluster ? "virtual" : "real")} time; what happened last:");
        var happened = cluster.History.Lines.Where(line => line.Event.Kind != ReplicaEventKind.Committed).ToList();
        // However long ago: whoever judges the failure must know that the machine had a part in it.
        foreach (var line in happened.SkipLast(LinesShown).Where(line => line.Kind == HistoryKind.MachineStalled).Concat(happened.TakeLast(LinesShown)))
            text.AppendLine(HistoryText.Of(line, cluster.Topology));
    }

    /// <summary>A test filter takes a backslash before the characters that mean something to it, and so does a shell within double quotes.</summary>
    private static string Escape(string title)
    {
        var escaped = new StringBuilder();
        foreach (var character in title)
        {
            escaped.Append(character switch
            {
                '\\' => @"\\\",
                '(' or ')' or '&' or '|' or '=' or '!' or '~' or '"' or '$' or '`' => "\\",
                _ => "",
            });
            escaped.Append(character);
        }
        return escaped.ToString();
    }
}
