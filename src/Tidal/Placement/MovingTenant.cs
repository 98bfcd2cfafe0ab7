using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// What the control plane has seen of the last move of a tenant: for people, and for the reports of the placement that holds
/// now. Nothing is decided by it that could not be decided without. Not safe for use by several threads.
/// </summary>
internal sealed class MovingTenant
{
    private readonly List<MigrationStepReached> _steps = [];
    private IReadOnlyList<RegionId> _wanted = [];

    /// <summary>Begins to watch a tenant.</summary>
    /// <param name="placement">Where it is.</param>
    /// <param name="at">When that was seen to be so; null if it may have been so for long.</param>
    public MovingTenant(TenantPlacement placement, long? at)
    {
        Placement = placement;
        Reports = new TenantReports(placement.Version);
        Follow(placement, at);
    }

    /// <summary>Where it is.</summary>
    public TenantPlacement Placement { get; private set; }

    /// <summary>What its primaries have said since they know that.</summary>
    public TenantReports Reports { get; private set; }

    /// <summary>What the next step waits for.</summary>
    public IReadOnlyList<string> WaitsFor { get; set; } = [];

    /// <summary>The regions that it leaves.</summary>
    public IReadOnlyList<RegionId> From { get; private set; } = [];

    /// <summary>The regions that it comes to.</summary>
    public IReadOnlyList<RegionId> To { get; private set; } = [];

    /// <summary>The steps it has reached.</summary>
    public IReadOnlyList<MigrationStepReached> Steps => _steps;

    /// <summary>A table was read.</summary>
    /// <param name="placement">Where the tenant is by it.</param>
    /// <param name="at">When, in milliseconds since 1970.</param>
    public void Follow(TenantPlacement placement, long? at)
    {
        if (placement.Version != Placement.Version)
            (Placement, Reports, WaitsFor) = (placement, new TenantReports(placement.Version), []);
        if (!placement.Wanted.SequenceEqual(_wanted) && !TenantMigration.IsSettled(placement))
            Begin(placement);
        var step = TenantMigration.StepOf(placement);
        if ((_steps.Count > 0 ? _steps[^1].Step : MigrationStep.Idle) != step)
            _steps.Add(new MigrationStepReached(step, placement.Version, at));
    }

    private void Begin(TenantPlacement placement)
    {
        _wanted = placement.Wanted;
        From = [.. placement.Members.Select(member => member.Region).Where(region => !_wanted.Contains(region))];
        To = [.. _wanted.Where(region => placement.StandingOf(region) != MemberStanding.Serving)];
        _steps.Clear();
    }
}
