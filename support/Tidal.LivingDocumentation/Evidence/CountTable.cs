using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>What the regions had counted before the first When, and what in the end. Bounded.</summary>
internal static class CountTable
{
    private const int RowsMax = 24;

    /// <summary>The table; null where nothing changed, or nothing was noted before.</summary>
    public static Table? Of(ClusterDriver driver)
    {
        if (driver.Notes.Before is not { } before)
            return null;
        var now = driver.CountsNow();
        var changed = now.GroupBy(note => (note.Tenant, note.Item, note.Signal))
            .Where(signal => signal.Any(note => Before(before, note) is var earlier && (earlier.Count != note.Count || earlier.Score != note.Score))).ToList();
        if (changed.Count == 0)
            return null;
        var rows = changed.SelectMany(signal => signal.Select(note => RowOf(driver, Before(before, note), note, signal.All(other => IsAs(note, other))))).Take(RowsMax).ToList();
        var isEqual = changed.All(signal => signal.All(note => IsAs(note, signal.First())));
        var summary = $"{(isEqual ? "In the end all regions that hold it hold the same." : "In the end the regions do not all hold the same.")} Scores are read as of {ClusterDriver.ScoresAsOf:hh\\:mm\\:ss}, so that they can be compared.";
        return new Table("Counts and scores, before the first When and in the end", summary, HeaderFor(driver), rows);
    }

    private static bool IsAs(CountNote one, CountNote other) =>
        one.Count == other.Count && BitConverter.DoubleToInt64Bits(one.Score) == BitConverter.DoubleToInt64Bits(other.Score);

    private static CountNote Before(IReadOnlyList<CountNote> before, CountNote note) =>
        before.FirstOrDefault(earlier => (earlier.Tenant, earlier.Item, earlier.Signal, earlier.Region) == (note.Tenant, note.Item, note.Signal, note.Region))
        ?? note with { Count = 0, Score = 0 };

    private static bool HasTenants(ClusterDriver driver) => driver.Cluster.Tenants.Skip(1).Any();

    private static string[] HeaderFor(ClusterDriver driver) =>
        [.. HasTenants(driver) ? ["tenant"] : Array.Empty<string>(), "item", "signal", "region", "count before", "count after", "score before", "score after", "regions equal"];

    private static string[] RowOf(ClusterDriver driver, CountNote before, CountNote after, bool isEqual) => [
        .. HasTenants(driver) ? [driver.Cluster.NameOf(after.Tenant)] : Array.Empty<string>(),
        after.Item.Value,
        driver.Cluster.SchemaOf(after.Tenant).Signals.First(signal => signal.Id == after.Signal).Name,
        driver.Cluster.Topology.NameOf(after.Region),
        Number(before.Count), Number(after.Count), Score(before.Score), Score(after.Score), isEqual ? "=" : "≠",
    ];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Score(double score) => score.ToString("F6", CultureInfo.InvariantCulture);
}
