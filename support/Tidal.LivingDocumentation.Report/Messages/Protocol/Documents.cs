using Gherkin;

namespace Tidal.LivingDocumentation.Report.Messages.Protocol;

// A feature: its text, what the parser makes of it, and the examples to be run ("pickles").

internal sealed record Source(string Uri, string Data, string MediaType);

internal sealed record GherkinDocument(string Uri, Feature Feature, IReadOnlyList<Comment> Comments);

internal sealed record Location(int Line, int? Column);

internal sealed record Comment(Location Location, string Text);

internal sealed record Tag(Location Location, string Name, string Id);

internal sealed record Feature(
    Location Location, IReadOnlyList<Tag> Tags, string Language, string Keyword, string Name, string Description, IReadOnlyList<Child> Children);

/// <summary>Just one of the three; a rule holds no rule.</summary>
internal sealed record Child(Background? Background = null, Scenario? Scenario = null, Rule? Rule = null);

internal sealed record Rule(Location Location, IReadOnlyList<Tag> Tags, string Keyword, string Name, string Description, IReadOnlyList<Child> Children, string Id);

internal sealed record Background(Location Location, string Keyword, string Name, string Description, IReadOnlyList<Step> Steps, string Id);

internal sealed record Scenario(
    Location Location, IReadOnlyList<Tag> Tags, string Keyword, string Name, string Description, IReadOnlyList<Step> Steps, IReadOnlyList<Examples> Examples, string Id);

internal sealed record Examples(
    Location Location, IReadOnlyList<Tag> Tags, string Keyword, string Name, string Description, TableRow? TableHeader, IReadOnlyList<TableRow> TableBody, string Id);

internal sealed record Step(Location Location, string Keyword, StepKeywordType KeywordType, string Text, DocString? DocString, DataTable? DataTable, string Id);

internal sealed record DocString(Location Location, string? MediaType, string Content, string Delimiter);

internal sealed record DataTable(Location Location, IReadOnlyList<TableRow> Rows);

internal sealed record TableRow(Location Location, IReadOnlyList<TableCell> Cells, string Id);

internal sealed record TableCell(Location Location, string Value);

internal sealed record Pickle(
    string Id, string Uri, Location Location, string Name, string Language, IReadOnlyList<PickleStep> Steps, IReadOnlyList<PickleTag> Tags, IReadOnlyList<string> AstNodeIds);

internal sealed record PickleStep(PickleStepArgument? Argument, IReadOnlyList<string> AstNodeIds, string Id, StepKeywordType Type, string Text);

internal sealed record PickleStepArgument(PickleDocString? DocString, PickleTable? DataTable);

internal sealed record PickleDocString(string? MediaType, string Content);

internal sealed record PickleTable(IReadOnlyList<PickleTableRow> Rows);

internal sealed record PickleTableRow(IReadOnlyList<PickleTableCell> Cells);

internal sealed record PickleTableCell(string Value);

internal sealed record PickleTag(string Name, string AstNodeId);
