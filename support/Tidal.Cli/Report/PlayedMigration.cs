using Tidal.Placement;

namespace Tidal.Cli;

/// <summary>A tenant's move from one region to another. Immutable.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="From">The region that it left.</param>
/// <param name="To">The region that it came to.</param>
/// <param name="Began">When the routing configuration was changed.</param>
/// <param name="IsOver">Whether it is where it is wanted, and nowhere else.</param>
/// <param name="Steps">The steps reached, in order.</param>
/// <param name="Waits">What was waited for for a while, in order.</param>
internal sealed record PlayedMigration(
    string Tenant, string From, string To, DateTimeOffset Began, bool IsOver, IReadOnlyList<PlayedStep> Steps, IReadOnlyList<PlayedWait> Waits)
{
    /// <summary>Queries for its items asked from all regions meanwhile.</summary>
    public required long Queries { get; init; }

    /// <summary>Those whose answer lacked what it must have, and no fault of the plan kept it from the region that was asked.</summary>
    public required long ShortQueries { get; init; }

    /// <summary>Those whose answer said that it lacks what a fault of the plan kept from the region that was asked.</summary>
    public required long CutOffQueries { get; init; }

    /// <summary>Bytes of the tenant found on disks of the region that it left, a little later.</summary>
    public required long BytesLeftBehind { get; init; }

    /// <summary>Whether it went as it must.</summary>
    public bool Passed => IsOver && ShortQueries == 0 && BytesLeftBehind == 0;
}

/// <summary>A step of a tenant's move. Immutable.</summary>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was reached.</param>
internal sealed record PlayedStep(MigrationStep Step, DateTimeOffset Time)
{
    /// <summary>The step's name, for programs.</summary>
    public string Name => char.ToLowerInvariant(Step.ToString()[0]) + Step.ToString()[1..];

    /// <summary>The step's name, for people.</summary>
    public string Title => Step switch
    {
        MigrationStep.PreparingTarget => "the target takes in what the source holds",
        MigrationStep.DualWrite => "both take writes",
        MigrationStep.Finalizing => "the source takes no more, the target takes in the last",
        MigrationStep.Complete => "the target alone serves, the source erases",
        _ => "over",
    };
}

/// <summary>What a tenant's move waited for. Immutable.</summary>
/// <param name="Text">What.</param>
/// <param name="Since">Since when.</param>
internal sealed record PlayedWait(string Text, DateTimeOffset Since);
