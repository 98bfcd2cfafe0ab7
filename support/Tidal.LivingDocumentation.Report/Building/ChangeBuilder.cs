using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>Tells what changed since a whole run. Stateless.</summary>
internal static class ChangeBuilder
{
    private const double TimesSlower = 2;
    private const double MillisecondsSlower = 500;

    /// <summary>Tells it, or null if there is no run to compare with.</summary>
    public static Changes? Of(Document document, RunHistory history)
    {
        if (history.RunBefore(document.Run.Began) is not { } before)
            return null;
        var now = PastRun.Of(document).Examples;
        string[] Changed(Outcome from, Outcome to) => [.. now.Where(example => example.Value.Outcome == to && before.Examples.GetValueOrDefault(example.Key)?.Outcome == from).Select(example => example.Key)];
        return new Changes(
            before.Began,
            before.Commit,
            Changed(Outcome.Passed, Outcome.Failed),
            Changed(Outcome.Failed, Outcome.Passed),
            [.. now.Keys.Where(id => !before.Examples.ContainsKey(id))],
            [.. before.Examples.Where(example => !now.ContainsKey(example.Key)).Select(example => new NamedValue(example.Value.Feature, example.Value.Title))],
            [.. Slower(before.Examples, now)],
            history.With(document).Runs);
    }

    private static IEnumerable<(string Id, double Before, double Now)> Slower(IReadOnlyDictionary<string, PastExample> before, IReadOnlyDictionary<string, PastExample> now) =>
        from example in now
        let was = before.GetValueOrDefault(example.Key)
        where was is not null && was.Outcome != Outcome.NotRun && example.Value.Outcome != Outcome.NotRun
        where example.Value.Milliseconds > was.Milliseconds * TimesSlower && example.Value.Milliseconds > was.Milliseconds + MillisecondsSlower
        select (example.Key, was.Milliseconds, example.Value.Milliseconds);
}
