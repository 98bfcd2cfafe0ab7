using Gherkin.Ast;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>What a test runs, as it stands in a feature: a scenario, or a row of an outline. Told apart by identity. Immutable.</summary>
internal sealed class ExampleSource(FeatureFile file, Scenario scenario, string block, IReadOnlyList<NamedValue> values, int line)
{
    /// <summary>The file it stands in.</summary>
    public FeatureFile File => file;

    /// <summary>The scenario, or the outline.</summary>
    public Scenario Scenario => scenario;

    /// <summary>The title of the row's table; empty if it has none.</summary>
    public string Block => block;

    /// <summary>The row's columns and values; empty for a plain scenario.</summary>
    public IReadOnlyList<NamedValue> Values => values;

    /// <summary>The line of the scenario or row.</summary>
    public int Line => line;

    /// <summary>The name of its test, as the features' runners make it.</summary>
    public string TestName => scenario.Name + (values.Count == 0 ? "" : $"({string.Join(", ", values.Select(value => $"{value.Name}: \"{value.Value}\""))})");

    /// <summary>All that a scenario runs.</summary>
    public static IReadOnlyList<ExampleSource> Of(FeatureFile file, Scenario scenario)
    {
        if (!scenario.Examples.Any())
            return [new ExampleSource(file, scenario, "", [], scenario.Location.Line)];
        // The parser has no rows, and not none, for examples without a table.
        return [.. scenario.Examples.SelectMany(examples => (examples.TableBody ?? []).Select(row =>
            new ExampleSource(file, scenario, examples.Name, ValuesOf(examples.TableHeader, row), row.Location.Line)))];
    }

    /// <summary>The name of the row, or of the scenario itself.</summary>
    public string Title()
    {
        // A column that no step uses is there to name the row.
        var naming = values.Where(value => !IsUsed(value.Name)).ToList();
        var told = naming.Count > 0 ? naming : values;
        return values.Count == 0 ? scenario.Name
            : told.Count == 1 ? Shown(told[0].Value)
            : string.Join(", ", told.Select(value => $"{value.Name}: {Shown(value.Value)}"));
    }

    /// <summary>Puts the row's values where the placeholders stand.</summary>
    public string Fill(string text)
    {
        foreach (var value in values)
            text = text.Replace($"<{value.Name}>", value.Value, StringComparison.Ordinal);
        return text;
    }

    private static string Shown(string value) => value.Length == 0 ? "(empty)" : value;

    private static NamedValue[] ValuesOf(TableRow header, TableRow row) =>
        [.. header.Cells.Zip(row.Cells, (column, cell) => new NamedValue(column.Value, cell.Value))];

    private bool IsUsed(string column) => scenario.Steps.Any(step => StepTexts.AllOf(step).Any(text => text.Contains($"<{column}>", StringComparison.Ordinal)));
}
