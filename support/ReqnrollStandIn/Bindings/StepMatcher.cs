using Reqnroll;
using Reqnroll.Bindings;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>Finds the one definition that fits a step.</summary>
internal sealed class StepMatcher(BindingRegistry registry, ArgumentConverter converter)
{
    /// <summary>The definition and the arguments as they stand in the text.</summary>
    /// <exception cref="MissingStepDefinitionException">No definition fits.</exception>
    /// <exception cref="BindingException">Several fit, or the text fits but the parameters do not.</exception>
    public (StepDefinition Definition, object[] Arguments) Find(StepInstance step)
    {
        var byText = registry.Steps
            .Where(definition => definition.Type == step.StepDefinitionType && definition.Regex.IsMatch(step.Text))
            .Select(definition => (Definition: definition, Arguments: ArgumentsOf(definition, step)))
            .ToList();
        var fitting = byText.Where(match => Fits(match.Definition, match.Arguments)).DistinctBy(match => match.Definition.Method).ToList();
        return (fitting.Count, byText.Count) switch
        {
            (1, _) => fitting[0],
            (0, 0) => throw new MissingStepDefinitionException(Snippet.Undefined(step)),
            (0, _) => throw Unfit("Step definitions found, but none of them has matching parameter count and types for step", step, byText),
            _ => throw Unfit("Ambiguous step definitions found for step", step, fitting),
        };
    }

    private static object[] ArgumentsOf(StepDefinition definition, StepInstance step)
    {
        var groups = definition.Regex.Match(step.Text).Groups.Cast<System.Text.RegularExpressions.Group>();
        var arguments = groups.Skip(1).Where(group => group.Success).Select(group => (object)group.Value).ToList();
        if (step.MultilineTextArgument is not null)
            arguments.Add(step.MultilineTextArgument);
        if (step.TableArgument is not null)
            arguments.Add(step.TableArgument);
        return [.. arguments];
    }

    private bool Fits(StepDefinition definition, object[] arguments) =>
        arguments.Length == definition.Parameters.Length
        && arguments.Zip(definition.Parameters, converter.CanConvert).All(convertible => convertible);

    private static BindingException Unfit(string what, StepInstance step, List<(StepDefinition Definition, object[] Arguments)> matches) =>
        new($"{what} '{step.Keyword}{step.Text}': {string.Join(", ", matches.Select(match => match.Definition.FullName))}");
}
