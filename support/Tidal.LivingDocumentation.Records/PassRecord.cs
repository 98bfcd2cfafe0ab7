namespace Tidal.LivingDocumentation.Records;

/// <summary>How one test ended, as the test runner says: the last word on a scenario. Immutable.</summary>
public sealed record TestRecord
{
    /// <summary>The feature's title.</summary>
    public required string Feature { get; init; }

    /// <summary>The test's display name: the scenario's title, with a row's values behind it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Whether it passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Message { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double Milliseconds { get; init; }

    /// <summary>What hooks saw of it; null if they did not come to the end.</summary>
    public ScenarioRecord? Scenario { get; init; }
}

/// <summary>A pass through the features: one run of their assembly. Immutable.</summary>
public sealed record PassRecord
{
    /// <summary>When it began, in UTC.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Tells builds of the features and steps apart: passes of one build belong together.</summary>
    public required string Build { get; init; }

    /// <summary>The commit that was checked out, with a plus if files were changed; empty if it cannot be told.</summary>
    public required string Commit { get; init; }

    /// <summary>The machine: processor, cores, memory, operating system, .NET.</summary>
    public required string Machine { get; init; }

    /// <summary>The seed that the environment named for all scenarios; null where each has its own.</summary>
    public string? Seed { get; init; }

    /// <summary>The filter that was given; null if everything was to run.</summary>
    public string? Filter { get; init; }

    /// <summary>How each test ended.</summary>
    public required IReadOnlyList<TestRecord> Tests { get; init; }

    /// <summary>The step definitions that there are.</summary>
    public IReadOnlyList<DefinitionRecord> Definitions { get; init; } = [];

    /// <summary>This pass with tests that were run again: the later word on each stands.</summary>
    /// <param name="again">The later run, of some of its tests.</param>
    public PassRecord With(PassRecord again)
    {
        ArgumentNullException.ThrowIfNull(again);
        var later = again.Tests.Select(test => (test.Feature, test.DisplayName)).ToHashSet();
        return this with
        {
            Seconds = Seconds + again.Seconds,
            Tests = [.. Tests.Where(test => !later.Contains((test.Feature, test.DisplayName))), .. again.Tests],
        };
    }
}
