namespace Tidal.LivingDocumentation.Records;

/// <summary>One run of one scenario, or of one row of an outline: what hooks saw of it. Immutable.</summary>
public sealed record ScenarioRecord
{
    /// <summary>The feature's folder below the features, with slashes; empty at their root.</summary>
    public required string FeatureFolder { get; init; }

    /// <summary>The feature's title.</summary>
    public required string Feature { get; init; }

    /// <summary>The scenario's title as written: placeholders of an outline stay.</summary>
    public required string Title { get; init; }

    /// <summary>The outline's columns and this row's values, in their order; empty for a plain scenario.</summary>
    public IReadOnlyList<NamedValue> Arguments { get; init; } = [];

    /// <summary>What the cluster ran on: <c>virtual time</c> or <c>real time</c>.</summary>
    public required string Substrate { get; init; }

    /// <summary>Who ran it, with a version: <c>Reqnroll 3.3.3</c>, or the stand-in.</summary>
    public required string Runtime { get; init; }

    /// <summary>When it began, in UTC.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How long it took on this machine, in milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Its seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The one command that runs it again as it ran.</summary>
    public required string Replay { get; init; }

    /// <summary>The steps that were begun, in order: those after a failure are missing.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>What failed it: a step's error, a hook's, or what the audit at its end found; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>What is to be shown of it, in order; empty where nothing says something.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>What was measured or counted in it.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];
}

/// <summary>A step that ran.</summary>
/// <param name="Text">Its text, placeholders filled in.</param>
/// <param name="Milliseconds">How long it took on this machine, in milliseconds.</param>
/// <param name="Definition">The method that it is bound to, as <c>Class.Method</c>; null if that cannot be told.</param>
/// <param name="Error">Its error, or null.</param>
public sealed record StepRecord(string Text, double Milliseconds, string? Definition, string? Error = null);

/// <summary>A name and its value, as texts.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record NamedValue(string Name, string Value);

/// <summary>A step definition that scenarios may use.</summary>
/// <param name="Keyword">Given, When, Then, or Step for any.</param>
/// <param name="Expression">The expression that a step's text must match.</param>
/// <param name="Definition">The method, as <c>Class.Method</c>.</param>
public sealed record DefinitionRecord(string Keyword, string Expression, string Definition);
