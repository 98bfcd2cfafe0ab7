using Gherkin;
using Gherkin.Ast;
using Reqnroll;
using Reqnroll.Bindings;
using GherkinFeature = Gherkin.Ast.Feature;
using GherkinScenario = Gherkin.Ast.Scenario;
using GherkinTable = Gherkin.Ast.DataTable;

namespace Tidal.ReqnrollStandIn.Features;

/// <summary>Reads a feature file into the scenarios that are run, and refuses what Reqnroll would not build.</summary>
internal sealed class FeatureReader
{
    private readonly string _path;
    private readonly GherkinFeature _feature;
    private readonly List<Scenario> _scenarios = [];

    private FeatureReader(string path, GherkinFeature feature) => (_path, _feature) = (path, feature);

    /// <summary>Reads one file; <paramref name="path"/> is relative to the features' project.</summary>
    /// <exception cref="BindingException">Reqnroll would not build it, or the stand-in does not know what it uses.</exception>
    public static Feature Read(string path, string text)
    {
        try
        {
            var feature = new Parser().Parse(new StringReader(text)).Feature;
            return new FeatureReader(path, feature ?? throw new BindingException("there is no feature in it")).Read();
        }
        catch (Exception error) when (error is ParserException or BindingException)
        {
            throw new BindingException($"{path}: {error.Message}", error);
        }
    }

    private Feature Read()
    {
        FeatureRules.Check(_feature);
        var backgrounds = _feature.Children.OfType<Background>().SelectMany(background => background.Steps).ToList();
        foreach (var child in _feature.Children)
        {
            if (child is GherkinScenario scenario)
                Add(scenario, null, backgrounds);
            else if (child is Rule rule)
                Add(rule, backgrounds);
        }
        var folder = System.IO.Path.GetDirectoryName(_path)!.Replace('\\', '/');
        return new Feature(_path, new FeatureInfo(folder, _feature.Name, _feature.Description, Names(_feature.Tags)), _scenarios);
    }

    private void Add(Rule rule, List<Step> backgrounds)
    {
        List<Step> above = [.. backgrounds, .. rule.Children.OfType<Background>().SelectMany(background => background.Steps)];
        var info = new RuleInfo(rule.Name, rule.Description, Names(rule.Tags));
        foreach (var scenario in rule.Children.OfType<GherkinScenario>())
            Add(scenario, info, above);
    }

    private void Add(GherkinScenario scenario, RuleInfo? rule, List<Step> backgrounds)
    {
        foreach (var row in RowsOf(scenario))
        {
            string[] inherited = [.. Names(_feature.Tags), .. rule?.Tags ?? []];
            string[] own = Names(scenario.Tags);
            // A background knows nothing of the rows of an outline below it.
            var background = Instances(backgrounds, null, ExampleRow.None);
            _scenarios.Add(new Scenario(
                $"{_path}#{_scenarios.Count}",
                scenario.Name + row.Suffix(),
                Identifier.Of(scenario.Name),
                new ScenarioInfo(scenario.Name, scenario.Description, [.. own, .. row.Tags], inherited, row.Arguments()),
                rule,
                // Tags of an Examples block choose hooks but are no traits.
                [.. inherited, .. own])
            {
                Background = background,
                OwnSteps = Instances(scenario.Steps, background.LastOrDefault(), row),
            });
        }
    }

    private static IEnumerable<ExampleRow> RowsOf(GherkinScenario scenario)
    {
        if (!scenario.Examples.Any())
            return [ExampleRow.None];
        return scenario.Examples.SelectMany(examples => examples.TableBody.Select(row =>
            new ExampleRow(Cells(examples.TableHeader), Cells(row), Names(examples.Tags))));
    }

    private static List<StepInstance> Instances(IEnumerable<Step> steps, StepInstance? before, ExampleRow row)
    {
        var result = new List<StepInstance>();
        foreach (var step in steps)
            result.Add(Instance(step, result.LastOrDefault() ?? before, row));
        return result;
    }

    private static StepInstance Instance(Step step, StepInstance? before, ExampleRow row)
    {
        var type = step.KeywordType switch
        {
            StepKeywordType.Context => StepDefinitionType.Given,
            StepKeywordType.Action => StepDefinitionType.When,
            StepKeywordType.Outcome => StepDefinitionType.Then,
            _ => before?.StepDefinitionType ?? StepDefinitionType.Given,
        };
        var docString = step.DocString is { } doc ? row.Fill(doc.Content) : null;
        return new StepInstance(type, step.Keyword, row.Fill(step.Text), docString, Table(step.DataTable, row));
    }

    private static Reqnroll.DataTable? Table(GherkinTable? table, ExampleRow row)
    {
        if (table is null)
            return null;
        var lines = table.Rows.Select(line => Cells(line).Select(row.Fill).ToArray()).ToList();
        var result = new Reqnroll.DataTable(lines[0]);
        foreach (var line in lines.Skip(1))
            result.AddRow(line);
        return result;
    }

    private static string[] Cells(TableRow row) => [.. row.Cells.Select(cell => cell.Value)];

    private static string[] Names(IEnumerable<Tag> tags) => [.. tags.Select(tag => tag.Name[1..])];
}
