using Gherkin;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>Step definitions as messages, found by the method that a step ran. Immutable.</summary>
internal sealed class Definitions
{
    private readonly ILookup<string, (string Keyword, string Id)> _byMethod;

    /// <param name="passes">The passes, of one build: they have the same definitions.</param>
    public Definitions(IEnumerable<PassRecord> passes)
    {
        var all = passes.SelectMany(pass => pass.Definitions).Distinct().ToList();
        Messages = [.. all.Select(MessageOf)];
        _byMethod = all.ToLookup(definition => definition.Definition, definition => (definition.Keyword, IdOf(definition)));
    }

    /// <summary>The messages, in the order in which the definitions were put on record.</summary>
    public IReadOnlyList<StepDefinition> Messages { get; }

    /// <summary>The definition that a step ran: none if that is not known. A method may be several; the step's keyword tells which of them.</summary>
    public IReadOnlyList<string> Of(string? method, StepKeywordType type)
    {
        var keyword = type switch
        {
            StepKeywordType.Action => "When",
            StepKeywordType.Outcome => "Then",
            _ => "Given",
        };
        return [.. _byMethod[method ?? ""].OrderBy(definition => definition.Keyword == keyword ? 0 : 1).Take(1).Select(definition => definition.Id)];
    }

    /// <summary>Where a method is: it is called <c>Class.Method</c>.</summary>
    public static SourceReference PlaceOf(string method)
    {
        var dot = method.LastIndexOf('.');
        return new SourceReference(new JavaMethod(dot < 0 ? "" : method[..dot], method[(dot + 1)..], []));
    }

    private static StepDefinition MessageOf(DefinitionRecord definition) =>
        new(IdOf(definition), new StepDefinitionPattern(definition.Expression, TypeOf(definition.Expression)), PlaceOf(definition.Definition));

    private static string IdOf(DefinitionRecord definition) => StableId.Of("definition", definition.Keyword, definition.Expression, definition.Definition);

    private static string TypeOf(string expression) =>
        expression.StartsWith('^') || expression.EndsWith('$') ? "REGULAR_EXPRESSION" : "CUCUMBER_EXPRESSION";
}
