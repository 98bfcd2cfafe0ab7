namespace Tidal.Schema;

/// <summary>How much of the cluster a tenant may ask for, over all regions. Immutable and safe to share between threads.</summary>
/// <param name="SignalsPerSecond">Signals accepted a second, in the long run; null for no bound.</param>
/// <param name="Entities">Items and users with records; null for no bound.</param>
/// <param name="Bytes">Bytes of its origin logs; null for no bound.</param>
public sealed record TenantQuotas(long? SignalsPerSecond = null, long? Entities = null, long? Bytes = null);
