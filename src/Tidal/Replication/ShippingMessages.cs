using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>Batches of one origin log, unchanged, for another region.</summary>
public sealed class ShipBatches : SegmentMessage
{
    /// <summary>Whose batches.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The region in which they were accepted.</summary>
    public required RegionId Origin { get; init; }

    /// <summary>The batches, in order and without a gap.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Batches { get; init; }

    /// <inheritdoc/>
    public override int PayloadBytes
    {
        get
        {
            var bytes = 0;
            for (var place = 0; place < Batches.Count; place++)
                bytes += Batches[place].Length;
            return bytes;
        }
    }
}

/// <summary>How far one origin log is committed in the sender's region.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Origin">The region in which its records were accepted.</param>
/// <param name="Mark">How far.</param>
public readonly record struct MarkReport(TenantId Tenant, RegionId Origin, OriginMark Mark);

/// <summary>
/// What a shard's primary has committed, for the primaries of that shard in other regions: their acknowledgement, the
/// beat by which they know that it can be reached, and how they learn of a gap that no batch shows.
/// </summary>
public sealed class ShipMarks : Message
{
    /// <summary>How far each origin log is held; origins of which nothing is held may be left out. Those of a tenant stand together.</summary>
    public required IReadOnlyList<MarkReport> Marks { get; init; }

    /// <summary>Whether every origin log is reported (a beat), or only one that moved.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>With a beat: the version of the newest routing table that the sender knows; 0 for none, and then it says nothing of what it holds.</summary>
    public ulong TableVersion { get; init; }
}

/// <summary>Asks for a run of an origin log that is missing here; any region that holds it may be asked.</summary>
public sealed class GapRequest : Message
{
    /// <summary>Whose log.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The region in which its records were accepted.</summary>
    public required RegionId Origin { get; init; }

    /// <summary>The first number missing.</summary>
    public required ulong From { get; init; }
}

/// <summary>
/// A chunk of what the sender's region holds of a tenant, for a region that needs numbers older than the log still holds.
/// One chunk is under way at a time.
/// </summary>
public sealed class ShipSnapshot : SegmentMessage
{
    /// <summary>Whose state.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Which snapshot; of one region's, the newer has the higher id.</summary>
    public required ulong Id { get; init; }

    /// <summary>Which chunk, from 0.</summary>
    public required uint Number { get; init; }

    /// <summary>How many there are.</summary>
    public required uint Count { get; init; }

    /// <summary>The chunk.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>CRC-32C of the chunk.</summary>
    public required uint Crc { get; init; }

    /// <inheritdoc/>
    public override int PayloadBytes => Bytes.Length;
}

/// <summary>How much of a snapshot is committed in the region that receives it.</summary>
public sealed class SnapshotProgress : Message
{
    /// <summary>Whose state.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The newest snapshot of the sender's that is known there.</summary>
    public required ulong Id { get; init; }

    /// <summary>The chunk that comes next; the count of chunks when it is whole.</summary>
    public required uint Next { get; init; }
}

/// <summary>The sender holds another batch under a number than the receiver sent: the stream is stopped.</summary>
public sealed class StreamDiverged : Message
{
    /// <summary>Whose log.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The region in which its records were accepted.</summary>
    public required RegionId Origin { get; init; }

    /// <summary>The first number that differs.</summary>
    public required ulong Number { get; init; }
}

/// <summary>Answers a message between regions that reached a replica which is not its shard's primary.</summary>
public sealed class NotShardPrimary : Message
{
    /// <summary>Who is, as far as the sender knows.</summary>
    public ReplicaId? Primary { get; init; }
}
