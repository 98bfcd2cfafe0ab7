using Tidal.Schema;

namespace Tidal.Log;

/// <summary>What a batch's writer is told: whose batch it is and where it stands in its origin log.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Origin">The node that was primary when the batch was made.</param>
/// <param name="Shard">The shard.</param>
/// <param name="OriginEpoch">The leader epoch in the origin's group.</param>
/// <param name="FirstNumber">The number of the first record in its origin log, from 1.</param>
/// <param name="WallTimeMilliseconds">The primary's wall clock: milliseconds since 1970, UTC; for the lag gauge, decides nothing.</param>
/// <param name="PreviousCrc"><see cref="BatchHeader.Crc"/> of the origin's batch before, 0 for the first.</param>
/// <param name="Version">The version to write: 2, without the dictionary, or 3, with it.</param>
public readonly record struct BatchStart(
    TenantId Tenant,
    NodeId Origin,
    ShardId Shard,
    ulong OriginEpoch,
    ulong FirstNumber,
    long WallTimeMilliseconds,
    uint PreviousCrc,
    ushort Version = BatchHeader.OldestVersion);
