namespace Tidal.Cli;

/// <summary>One row of a signal file: who sent what, where and when. Immutable.</summary>
/// <param name="TimeMilliseconds">When the region accepted it, in milliseconds since 1970, UTC.</param>
/// <param name="Region">The region that accepted it: one of the replay's.</param>
/// <param name="Locale">The user's cohort; not empty.</param>
/// <param name="Country">The user's country; empty where unknown.</param>
/// <param name="Wiki">The language edition; not empty.</param>
/// <param name="Page">The title; not empty.</param>
/// <param name="HomeRegion">The item's home region: one of the replay's.</param>
/// <param name="User">The user; not empty.</param>
/// <param name="Signal">The signal type: one of the replay's.</param>
/// <param name="Delta">The change in bytes, which may be negative.</param>
/// <param name="Line">The line of the file on which the row begins, from 1.</param>
internal sealed record SignalRow(
    long TimeMilliseconds,
    string Region,
    string Locale,
    string Country,
    string Wiki,
    string Page,
    string HomeRegion,
    string User,
    string Signal,
    int Delta,
    int Line)
{
    /// <summary>The item's identity: edition and title.</summary>
    public string Item => $"{Wiki}:{Page}";
}
