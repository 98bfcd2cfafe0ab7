using Tidal.Schema;

namespace Tidal;

/// <summary>
/// Of which cluster a <see cref="TidalDb"/> takes the logs of one shard in, batch by batch, unchanged: to restore it, or to hold
/// it against a node that never saw a fault. The database stands in the place of the tenant's first region, as if that
/// region's group had been founded anew and got its own log back from the others. Immutable.
/// </summary>
/// <param name="Regions">The cluster's regions, in order of their ids.</param>
/// <param name="Shard">The shard whose logs are taken; all that is read or written then must lie in it.</param>
public sealed record ImportOptions(IReadOnlyList<string> Regions, ShardId Shard)
{
    /// <summary>The tenant whose logs are taken. Default: the first.</summary>
    public TenantId Tenant { get; init; } = TenantId.First;

    /// <summary>The regions that hold the tenant, in order of their ids; null, the default, if all do.</summary>
    public IReadOnlyList<string>? Members { get; init; }
}

/// <summary>Batches of an origin's log did not go on where the database holds it to, were damaged, or are not of the logs it takes.</summary>
public sealed class ImportException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong and what was expected.</param>
    public ImportException(string message)
        : base(message)
    {
    }
}
