using System.Text.RegularExpressions;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.SuiteConventions.Tests;

/// <summary>
/// What every feature file keeps to, so that a suite that grows stays a specification: each scenario claims something,
/// is about one event, is short enough to be read, and nothing is switched off in silence.
/// </summary>
internal static partial class FeatureConventions
{
    private const int MostSteps = 9;

    /// <summary>Each breach in one file, as a sentence.</summary>
    public static IEnumerable<string> Breaches(string path, string text)
    {
        foreach (Match comment in CommentedStep().Matches(text))
            yield return $"{path}: a step is commented out, remove it: {comment.Value.Trim()}";
        if (IgnoreTag().IsMatch(text))
        {
            yield return $"{path}: nothing is ignored: remove the scenario, or make it pass";
            yield break;
        }
        foreach (var scenario in FeatureReader.Read(path, text).Scenarios.DistinctBy(scenario => scenario.Info.Title))
            foreach (var breach in Breaches(scenario))
                yield return $"{path}: '{scenario.Info.Title}' {breach}";
    }

    private static IEnumerable<string> Breaches(Scenario scenario)
    {
        var keywords = scenario.Steps.Select(step => step.Keyword.Trim()).ToList();
        if (!keywords.Contains("Then"))
            yield return "claims nothing: it has no Then";
        if (keywords.Count(keyword => keyword == "When") > 1 && !scenario.Info.CombinedTags.Contains("journey"))
            yield return "has more than one When and is no @journey";
        if (scenario.OwnSteps.Count > MostSteps && !scenario.Info.CombinedTags.Contains("journey"))
            yield return $"has {scenario.OwnSteps.Count} steps, and {MostSteps} are the most";
    }

    [GeneratedRegex(@"^[ \t]*#+[ \t]*(Given|When|Then|And|But|\*|Scenario|Scenario Outline|Rule|Background|Examples)\b.*$", RegexOptions.Multiline)]
    private static partial Regex CommentedStep();

    [GeneratedRegex(@"^[ \t]*@([^#\r\n]*@)?ignore\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex IgnoreTag();
}
