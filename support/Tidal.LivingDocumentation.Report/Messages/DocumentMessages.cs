using System.Globalization;
using Gherkin;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Messages.Protocol;
using Ast = Gherkin.Ast;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>A feature as its message, each part with an id that its place in the file gives it.</summary>
/// <param name="uri">What the feature is called in the messages.</param>
internal sealed class DocumentMessages(string uri)
{
    public GherkinDocument Of(FeatureFile file) => new(uri, Feature(file.Feature), [.. file.Document.Comments.Select(comment => new Comment(At(comment.Location), comment.Text))]);

    private Feature Feature(Ast.Feature feature) =>
        new(At(feature.Location), Tags(feature), feature.Language, feature.Keyword, feature.Name, feature.Description ?? "", Children(feature));

    private List<Child> Children(Ast.IHasChildren parent) => [.. parent.Children.Select(Child)];

    private Child Child(Ast.IHasLocation child) => child switch
    {
        Ast.Background background => new Child(Background: Background(background)),
        Ast.Scenario scenario => new Child(Scenario: Scenario(scenario)),
        Ast.Rule rule => new Child(Rule: Rule(rule)),
        _ => throw new NotSupportedException($"{uri}: a {child.GetType().Name} in line {child.Location.Line}"),
    };

    private Rule Rule(Ast.Rule rule) =>
        new(At(rule.Location), Tags(rule), rule.Keyword, rule.Name, rule.Description ?? "", Children(rule), Id("rule", rule.Location));

    private Background Background(Ast.Background background) => new(
        At(background.Location), background.Keyword, background.Name, background.Description ?? "", Steps(background), Id("background", background.Location));

    private Scenario Scenario(Ast.Scenario scenario) => new(
        At(scenario.Location), Tags(scenario), scenario.Keyword, scenario.Name, scenario.Description ?? "", Steps(scenario),
        [.. scenario.Examples.Select(Examples)], Id("scenario", scenario.Location));

    private Examples Examples(Ast.Examples examples) => new(
        At(examples.Location), Tags(examples), examples.Keyword, examples.Name, examples.Description ?? "",
        examples.TableHeader is { } header ? Row(header) : null, [.. (examples.TableBody ?? []).Select(Row)], Id("examples", examples.Location));

    private List<Step> Steps(Ast.IHasSteps parent) => [.. parent.Steps.Select(Step)];

    private Step Step(Ast.Step step) => new(
        At(step.Location), step.Keyword, Known(step.KeywordType), step.Text, DocString(step.DocString), Table(step.DataTable), Id("step", step.Location));

    private static StepKeywordType Known(StepKeywordType type) => type == StepKeywordType.Unspecified ? StepKeywordType.Unknown : type;

    private static DocString? DocString(Ast.DocString? text) =>
        text is null ? null : new DocString(At(text.Location), string.IsNullOrEmpty(text.ContentType) ? null : text.ContentType, text.Content, text.Delimiter);

    private DataTable? Table(Ast.DataTable? table) => table is null ? null : new DataTable(At(table.Location), [.. table.Rows.Select(Row)]);

    private TableRow Row(Ast.TableRow row) => new(At(row.Location), [.. row.Cells.Select(cell => new TableCell(At(cell.Location), cell.Value))], Id("row", row.Location));

    private List<Tag> Tags(Ast.IHasTags tagged) => [.. tagged.Tags.Select(tag => new Tag(At(tag.Location), tag.Name, Id("tag", tag.Location)))];

    private string Id(string kind, Ast.Location place) =>
        StableId.Of(uri, kind, place.Line.ToString(CultureInfo.InvariantCulture), place.Column.ToString(CultureInfo.InvariantCulture));

    private static Location At(Ast.Location place) => new(place.Line, place.Column == 0 ? null : place.Column);
}
