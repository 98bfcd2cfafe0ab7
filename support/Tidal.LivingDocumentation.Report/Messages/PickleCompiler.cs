using Gherkin;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>Makes the examples of a feature, as Gherkin's own compiler does: backgrounds put before, rows filled in, tags handed down.</summary>
internal sealed class PickleCompiler
{
    private readonly string _uri;
    private readonly string _language;
    private readonly List<Pickle> _pickles = [];

    private PickleCompiler(string uri, string language) => (_uri, _language) = (uri, language);

    public static IReadOnlyList<Pickle> Compile(GherkinDocument document)
    {
        var compiler = new PickleCompiler(document.Uri, document.Feature.Language);
        compiler.AddAll(document.Feature.Children, document.Feature.Tags, []);
        return compiler._pickles;
    }

    private void AddAll(IReadOnlyList<Child> children, IReadOnlyList<Tag> tags, IReadOnlyList<Step> background)
    {
        foreach (var child in children)
        {
            if (child.Background is { } more)
                background = [.. background, .. more.Steps];
            else if (child.Rule is { } rule)
                AddAll(rule.Children, [.. tags, .. rule.Tags], background);
            else if (child.Scenario is { } scenario)
                Add(scenario, [.. tags, .. scenario.Tags], background);
        }
    }

    private void Add(Scenario scenario, IReadOnlyList<Tag> tags, IReadOnlyList<Step> background)
    {
        if (scenario.Examples.Count == 0)
            _pickles.Add(Make(scenario, tags, background, Row.None));
        foreach (var examples in scenario.Examples)
        {
            foreach (var values in examples.TableBody)
                _pickles.Add(Make(scenario, [.. tags, .. examples.Tags], background, new Row(examples.TableHeader!, values)));
        }
    }

    private Pickle Make(Scenario scenario, IReadOnlyList<Tag> tags, IReadOnlyList<Step> background, Row row)
    {
        IReadOnlyList<string> nodes = [scenario.Id, .. row.Id];
        var id = StableId.Of(["pickle", .. nodes]);
        return new Pickle(
            id, _uri, row.Location ?? scenario.Location, row.Fill(scenario.Name), _language,
            scenario.Steps.Count == 0 ? [] : Steps(id, background, scenario.Steps, row),
            [.. tags.Select(tag => new PickleTag(tag.Name, tag.Id))], nodes);
    }

    private static List<PickleStep> Steps(string pickle, IReadOnlyList<Step> background, IReadOnlyList<Step> own, Row row)
    {
        var steps = new List<PickleStep>();
        var type = StepKeywordType.Unknown;
        foreach (var (step, filled) in background.Select(step => (step, Row.None)).Concat(own.Select(step => (step, row))))
        {
            type = step.KeywordType == StepKeywordType.Conjunction ? type : step.KeywordType;
            steps.Add(new PickleStep(Argument(step, filled), [step.Id, .. filled.Id], StableId.Of(pickle, step.Id), type, filled.Fill(step.Text)));
        }
        return steps;
    }

    private static PickleStepArgument? Argument(Step step, Row row) => step switch
    {
        { DocString: { } text } => new PickleStepArgument(new PickleDocString(text.MediaType is { } type ? row.Fill(type) : null, row.Fill(text.Content)), null),
        { DataTable: { } table } => new PickleStepArgument(null, new PickleTable([.. table.Rows.Select(line => Filled(line, row))])),
        _ => null,
    };

    private static PickleTableRow Filled(TableRow line, Row row) => new([.. line.Cells.Select(cell => new PickleTableCell(row.Fill(cell.Value)))]);

    /// <summary>A row of an outline, or none.</summary>
    private sealed class Row
    {
        public static readonly Row None = new();
        private readonly List<NamedValue> _values = [];

        public Row(TableRow header, TableRow values)
        {
            Id = [values.Id];
            Location = values.Location;
            _values.AddRange(header.Cells.Zip(values.Cells, (name, value) => new NamedValue(name.Value, value.Value)));
        }

        private Row()
        {
        }

        public IReadOnlyList<string> Id { get; } = [];

        public Location? Location { get; }

        public string Fill(string text) => _values.Aggregate(text, (filled, value) => filled.Replace($"<{value.Name}>", value.Value, StringComparison.Ordinal));
    }
}
