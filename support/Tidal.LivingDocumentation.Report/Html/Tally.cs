using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>How many examples ended how. Immutable.</summary>
/// <param name="Passed">Those that passed.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="NotRun">Those that did not run.</param>
internal readonly record struct Tally(int Passed, int Failed, int NotRun)
{
    public int All => Passed + Failed + NotRun;

    /// <summary>The worst of them; nothing is not shown to be well.</summary>
    public Outcome Outcome => Failed > 0 ? Outcome.Failed : Passed > 0 && NotRun == 0 ? Outcome.Passed : Outcome.NotRun;

    /// <summary>In words: only what there is.</summary>
    public string InWords
    {
        get
        {
            if (All == 0)
                return "no example";
            var parts = new List<string>(3);
            if (Passed > 0)
                parts.Add(Words.Number(Passed) + " passed");
            if (Failed > 0)
                parts.Add(Words.Number(Failed) + " failed");
            if (NotRun > 0)
                parts.Add(Words.Number(NotRun) + " not run");
            return string.Join(", ", parts);
        }
    }

    public static Tally Of(IEnumerable<Example> examples)
    {
        var (passed, failed, notRun) = (0, 0, 0);
        foreach (var example in examples)
        {
            _ = example.Outcome switch
            {
                Outcome.Passed => passed++,
                Outcome.Failed => failed++,
                _ => notRun++,
            };
        }
        return new Tally(passed, failed, notRun);
    }

    public static Tally Of(RuleDocument rule) => Of(rule.Scenarios.SelectMany(scenario => scenario.Examples));

    public static Tally Of(FeatureDocument feature) => Of(feature.Rules.SelectMany(rule => rule.Scenarios).SelectMany(scenario => scenario.Examples));

    public static Tally Of(Capability capability) =>
        Of(capability.Features.SelectMany(feature => feature.Rules).SelectMany(rule => rule.Scenarios).SelectMany(scenario => scenario.Examples));
}
