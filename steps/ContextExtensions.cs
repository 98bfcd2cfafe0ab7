using System.Collections;
using Tidal.LivingDocumentation;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What the runtime's contexts say, in the words of the record.</summary>
internal static class ContextExtensions
{
    private static readonly string Runtime = RuntimeName.Of(typeof(ScenarioContext).Assembly);

    public static ScenarioFacts Facts(this ScenarioContext scenario, FeatureContext feature, SubstrateKind substrate)
    {
        var arguments = scenario.ScenarioInfo.Arguments.Cast<DictionaryEntry>().Select(entry => new NamedValue($"{entry.Key}", $"{entry.Value}"));
        return new ScenarioFacts(feature.FeatureInfo.FolderPath, feature.FeatureInfo.Title, scenario.ScenarioInfo.Title, [.. arguments], substrate, Runtime);
    }

    /// <summary>The method that the step is bound to.</summary>
    public static string Definition(this ScenarioStepContext step)
    {
        var method = step.StepInfo.BindingMatch.StepBinding.Method;
        return $"{method.Type.Name}.{method.Name}";
    }

    /// <summary>What failed the scenario so far; null if nothing did. The runtime has no error for a step that is undefined or pending.</summary>
    public static string? Error(this ScenarioContext scenario) => scenario.TestError?.Message ?? Words(scenario.ScenarioExecutionStatus);

    /// <summary>What failed the step that has just ended; null if it passed.</summary>
    public static string? ErrorOfStep(this ScenarioContext scenario) =>
        scenario.StepContext.Status == ScenarioExecutionStatus.OK ? null : scenario.Error();

    public static void Tell(this IReqnrollOutputHelper output, SavedRecord saved)
    {
        foreach (var line in saved.Lines)
            output.WriteLine(line);
        foreach (var picture in saved.Pictures)
            output.AddAttachment(picture);
    }

    private static string? Words(ScenarioExecutionStatus status) => status switch
    {
        ScenarioExecutionStatus.OK => null,
        ScenarioExecutionStatus.UndefinedStep => "A step has no definition.",
        ScenarioExecutionStatus.StepDefinitionPending => "A step's definition is not written yet.",
        _ => $"{status}",
    };
}
