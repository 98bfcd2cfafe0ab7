using System.Text.RegularExpressions;
using Reqnroll.Bindings;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>The code that an undefined step asks for, to be copied out of the message.</summary>
internal static partial class Snippet
{
    public static string Undefined(StepInstance step)
    {
        var parameters = new List<string>();
        var expression = Value().Replace(Special().Replace(step.Text, @"\$0"), match =>
        {
            var (placeholder, type) = TypeOf(match.Value);
            parameters.Add($"{type} p{parameters.Count}");
            return placeholder;
        });
        if (step.MultilineTextArgument is not null)
            parameters.Add("string multilineText");
        if (step.TableArgument is not null)
            parameters.Add("DataTable dataTable");
        var name = Identifier.Of($"{step.StepDefinitionType} {Value().Replace(step.Text, "")}");
        return $"""
            No matching step definition found for the step '{step.Keyword}{step.Text}'. Use the following code to create one:
                [{step.StepDefinitionType}("{expression.Replace("\\", "\\\\", StringComparison.Ordinal)}")]
                public void {name}({string.Join(", ", parameters)})
                    => throw new PendingStepException();
            """;
    }

    private static (string Placeholder, string Type) TypeOf(string value) => value switch
    {
        ['"' or '\'', ..] => ("{string}", "string"),
        _ when value.Contains('.', StringComparison.Ordinal) => ("{double}", "double"),
        _ => ("{int}", "int"),
    };

    [GeneratedRegex(@"""[^""]*""|'[^']*'|(?<!\w)-?\d+(\.\d+)?(?!\w)")]
    private static partial Regex Value();

    [GeneratedRegex(@"[{}()/\\]")]
    private static partial Regex Special();
}
