using System.Collections.Specialized;
using System.Globalization;
using Reqnroll;
using Reqnroll.Bindings;

namespace Tidal.ReqnrollStandIn.Features;

/// <summary>A feature file, read and found fit to build.</summary>
internal sealed record Feature(string Path, FeatureInfo Info, IReadOnlyList<Scenario> Scenarios)
{
    /// <summary>
    /// The culture by which Reqnroll reads arguments of features written in English. It asks for it by name, so a test
    /// project that is set to the invariant culture must leave names free (<c>PredefinedCulturesOnly</c> false).
    /// </summary>
    public static CultureInfo Culture { get; } = new("en-US");
}

/// <summary>A scenario, or one row of an outline: what one test runs.</summary>
internal sealed record Scenario(
    string Id, string DisplayName, string MethodName, ScenarioInfo Info, RuleInfo? Rule, IReadOnlyList<string> Categories)
{
    /// <summary>The steps of the backgrounds above it.</summary>
    public IReadOnlyList<StepInstance> Background { get; init; } = [];

    /// <summary>Its own steps.</summary>
    public IReadOnlyList<StepInstance> OwnSteps { get; init; } = [];

    /// <summary>All that is run, backgrounds first.</summary>
    public IEnumerable<StepInstance> Steps => Background.Concat(OwnSteps);
}

/// <summary>The cells of one row of an outline, by column.</summary>
internal sealed record ExampleRow(IReadOnlyList<string> Columns, IReadOnlyList<string> Cells, IReadOnlyList<string> Tags)
{
    /// <summary>What a plain scenario has instead of a row.</summary>
    public static ExampleRow None { get; } = new([], [], []);

    /// <summary>Puts the cells where the placeholders stand.</summary>
    public string Fill(string text)
    {
        for (var column = 0; column < Columns.Count; column++)
            text = text.Replace($"<{Columns[column]}>", Cells[column], StringComparison.Ordinal);
        return text;
    }

    /// <summary>The row as the scenario's arguments.</summary>
    public IOrderedDictionary Arguments()
    {
        var arguments = new OrderedDictionary();
        for (var column = 0; column < Columns.Count; column++)
            arguments.Add(Columns[column], Cells[column]);
        return arguments;
    }

    /// <summary>What an outline's row adds to the title in a test's name.</summary>
    public string Suffix() =>
        Columns.Count == 0 ? "" : $"({string.Join(", ", Columns.Zip(Cells, (column, cell) => $"{column}: \"{cell}\""))})";
}
