using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>How far the move of a tenant is: each step follows from the placement alone.</summary>
public enum MigrationStep
{
    /// <summary>The tenant is where it is wanted.</summary>
    Idle,

    /// <summary>A region that is to hold it takes in what the others hold; it answers no read and takes no write.</summary>
    PreparingTarget,

    /// <summary>All regions that are to hold it serve it, and so do those that are to leave.</summary>
    DualWrite,

    /// <summary>A region that is to leave ends its log, and the others take in the last of it.</summary>
    Finalizing,

    /// <summary>A region that has left erases its bytes.</summary>
    Complete,
}

/// <summary>A step that a move of a tenant has reached.</summary>
/// <param name="Step">The step.</param>
/// <param name="TableVersion">The routing table's version that brought it about.</param>
/// <param name="WallMilliseconds">When, by the control plane's wall clock, in milliseconds since 1970; null if that was before it started.</param>
public readonly record struct MigrationStepReached(MigrationStep Step, ulong TableVersion, long? WallMilliseconds);

/// <summary>How far a move of a tenant is, for people. Immutable and safe to share between threads.</summary>
public sealed record MigrationProgress
{
    /// <summary>The tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The regions that it leaves, in region order.</summary>
    public required IReadOnlyList<RegionId> From { get; init; }

    /// <summary>The regions that it comes to, in region order.</summary>
    public required IReadOnlyList<RegionId> To { get; init; }

    /// <summary>The step that it has reached.</summary>
    public required MigrationStep Step { get; init; }

    /// <summary>What the next step waits for, a line each; empty when nothing is to be done, or the next step is being taken.</summary>
    public required IReadOnlyList<string> WaitsFor { get; init; }

    /// <summary>The steps that the last move has reached, in order, as far as this control plane has seen them.</summary>
    public required IReadOnlyList<MigrationStepReached> Steps { get; init; }

    /// <summary>Since when the tenant has been at its step, in milliseconds since 1970; null if since before the control plane started.</summary>
    public long? SinceWallMilliseconds => Steps.Count == 0 ? null : Steps[^1].WallMilliseconds;
}
