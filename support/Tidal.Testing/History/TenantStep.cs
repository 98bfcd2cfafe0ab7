using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Testing.History;

/// <summary>A step that the move of a tenant has reached.</summary>
/// <param name="TimeMicroseconds">When, in microseconds since the cluster was founded.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Step">The step; <see cref="MigrationStep.Idle"/> when the tenant is where it is wanted.</param>
public readonly record struct TenantStep(long TimeMicroseconds, TenantId Tenant, MigrationStep Step);
