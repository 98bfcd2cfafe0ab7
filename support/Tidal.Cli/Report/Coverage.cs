using System.Globalization;
using Tidal.Query;

namespace Tidal.Cli;

/// <summary>Says in words what an answer covers.</summary>
internal static class Coverage
{
    /// <summary>Whether the answer is whole, and what is missing.</summary>
    /// <param name="stats">What the answer covers.</param>
    public static string Describe(AnswerStats stats)
    {
        if (!stats.IsDegraded)
            return $"whole: {stats.Answered} of {stats.Asked} shards answered";
        var reasons = stats.Missing.GroupBy(part => part.Reason).Select(group => DescribeMissing([.. group], group.Key));
        return $"degraded: {string.Join("; ", reasons)}";
    }

    /// <summary>How stale the answer may be, one phrase for each origin; nothing if it is not.</summary>
    /// <param name="stats">What the answer covers.</param>
    public static string DescribeStaleness(AnswerStats stats)
    {
        var origins = stats.Staleness.GroupBy(part => part.Origin).Select(group => $"{group.Key} up to {Age(group.Max(part => part.Milliseconds))}");
        return string.Join(", ", origins);
    }

    private static string DescribeMissing(IReadOnlyList<MissingPart> parts, MissingReason reason)
    {
        var places = parts.GroupBy(part => part.Region).SelectMany(Places).ToList();
        return $"{Wording.AllOf(places)} {(places.Count == 1 ? "is" : "are")} missing ({reason.Words()})";
    }

    // A region of which nothing answered is called by its own name.
    private static IEnumerable<string> Places(IGrouping<string, MissingPart> region) =>
        region.Count() == ReplayCluster.Topology.ShardCount ? [region.Key] : region.Select(part => $"{region.Key}/{part.Shard}");

    private static string Age(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds) switch
    {
        { TotalDays: >= 1_000_000 } => "an unknown time",
        { TotalHours: >= 1 } age => $"{age.TotalHours.ToString("0.0", CultureInfo.InvariantCulture)} h",
        { TotalMinutes: >= 1 } age => $"{age.TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)} min",
        { TotalSeconds: >= 1 } age => $"{age.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        var age => $"{age.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
    };
}
