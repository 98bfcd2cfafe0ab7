using System.Globalization;
using System.Text;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.Testing.Drivers;

/// <summary>
/// The seed of a scenario: one of its own, the same in every run, so that a failure is there again tomorrow; or the one that
/// the environment names, to replay a failure or to try others.
/// </summary>
public static class ScenarioSeed
{
    /// <summary>The environment variable that names a seed.</summary>
    public const string Variable = "TIDAL_SEED";

    private const int LinesShown = 40;

    /// <summary>The seed of a scenario.</summary>
    /// <param name="title">The scenario's title.</param>
    /// <exception cref="FormatException">The environment names a seed that is no number.</exception>
    public static ulong For(string title)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(named))
            return EntityHash.Of(TenantId.First, title) % 1_000_000;
        return ulong.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"{Variable} is '{named}'; a whole number was expected.");
    }

    /// <summary>How to see a failure again, and what happened before it.</summary>
    /// <param name="driver">The scenario's driver.</param>
    /// <param name="title">The scenario's title.</param>
    public static string Replay(ClusterDriver driver, string title)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {driver.Seed}. To see it again: ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Variable}={driver.Seed} dotnet test --filter \"DisplayName~{Escape(title)}\"");
        if (driver.HasCluster)
            AppendHistory(text, driver.Cluster);
        return text.ToString();
    }

    private static void AppendHistory(StringBuilder text, SimulatedCluster cluster)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"It failed after {cluster.Elapsed.TotalSeconds:0.000} s of virtual time; what happened last:");
        foreach (var line in cluster.History.Lines.Where(line => line.Event.Kind != Replication.ReplicaEventKind.Committed).TakeLast(LinesShown))
            text.AppendLine(HistoryText.Of(line, cluster.Topology));
    }

    /// <summary>A test filter takes a backslash before the characters that mean something to it.</summary>
    private static string Escape(string title)
    {
        var escaped = new StringBuilder();
        foreach (var character in title)
        {
            if (character is '\\' or '(' or ')' or '&' or '|' or '=' or '!' or '~')
                escaped.Append('\\');
            escaped.Append(character);
        }
        return escaped.ToString();
    }
}
