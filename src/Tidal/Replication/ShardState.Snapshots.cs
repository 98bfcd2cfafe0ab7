using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <content>Snapshots of tenants that come from other regions, and the state as a checkpoint holds it.</content>
public sealed partial class ShardState
{
    private readonly SortedList<(TenantId Tenant, RegionId Source), SnapshotAssembly> _arriving = [];

    /// <summary>The highest stamp of all records applied.</summary>
    public HlcTimestamp HighestHlc { get; private set; }

    /// <summary>What has arrived here of the newest snapshot of a tenant from a region; null when none ever did.</summary>
    internal SnapshotAssembly? Arriving(TenantId tenant, RegionId source) => _arriving.GetValueOrDefault((tenant, source));

    /// <summary>Whether a snapshot of a tenant has arrived whole.</summary>
    internal bool HasTakenSnapshot(TenantId tenant) =>
        _arriving.Any(arriving => arriving.Key.Tenant == tenant && arriving.Value.Next == arriving.Value.Count);

    /// <summary>The state at <see cref="AppliedIndex"/> as bytes: what the origin logs say, and what is on its way in.</summary>
    internal byte[] ToCheckpoint()
    {
        var writer = new SnapshotWriter();
        writer.Add(AppliedIndex);
        writer.Add(HighestHlc.Packed);
        writer.Add(_tenants.Values.Count(tenant => tenant.HoldsAnything));
        foreach (var (tenant, replica) in _tenants)
        {
            if (!replica.HoldsAnything)
                continue;
            writer.Add(tenant.Number);
            replica.AddTo(writer);
        }
        writer.Add(_arriving.Count);
        foreach (var (place, assembly) in _arriving)
        {
            writer.Add(place.Tenant.Number);
            writer.Add(place.Source.Ordinal);
            assembly.AddTo(writer);
        }
        writer.Add(_erased.Count);
        foreach (var (tenant, erased) in _erased)
        {
            writer.Add(tenant.Number);
            writer.Add(erased.Version);
            writer.Add(erased.Index);
        }
        return writer.ToBytes();
    }

    /// <summary>Reads a state as a checkpoint holds it.</summary>
    /// <param name="bytes">The checkpoint's state; referred to, and not to be changed.</param>
    /// <param name="schemas">The schema of each tenant.</param>
    /// <param name="members">Whose ends of a tenant's sessions are waited for; null if no session is to be forgotten, wherever it has ended.</param>
    /// <exception cref="SnapshotDamagedException">They are none.</exception>
    public static ShardState FromCheckpoint(
        ReadOnlyMemory<byte> bytes, Func<TenantId, SignalSchema> schemas, Func<TenantId, SessionMembers>? members = null)
    {
        var reader = new StateReader(bytes);
        var state = new ShardState(schemas, members) { AppliedIndex = reader.ReadUInt64(), HighestHlc = reader.ReadHlc() };
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state.TenantOf(new TenantId((uint)reader.ReadInt64())).ReadFrom(reader);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state._arriving.Add((new TenantId((uint)reader.ReadInt64()), reader.ReadRegion()), SnapshotAssembly.Read(reader));
        for (var left = reader.ReadCount(3 * sizeof(long)); left > 0; left--)
            state.RememberErased(new TenantId((uint)reader.ReadInt64()), reader.ReadUInt64(), reader.ReadUInt64());
        reader.MustBeAtEnd();
        return state;
    }

    /// <summary>Finds the batches again that are still in the log before the checkpoint that this state was read from.</summary>
    internal void FindHeld(SegmentedLog log)
    {
        for (var index = log.FirstIndex; index <= Math.Min(AppliedIndex, log.LastIndex); index++)
        {
            var envelope = log.Read(index);
            if (envelope.Kind != EnvelopeKind.Batch)
                continue;
            var batch = BatchReader.Open(envelope.Payload);
            var tenant = TenantOf(batch.Header.Tenant);
            var isToldApart = false;
            while (batch.TryRead(out var record))
                isToldApart |= IsToldApart(tenant, record);
            tenant.OriginOf(batch.Header.Origin.Region).Found(batch.Header, index, isToldApart);
        }
        foreach (var origin in _tenants.Values.SelectMany(tenant => tenant.Origins.Values))
            origin.FoundAll();
    }

    /// <summary>The log was deleted before an index.</summary>
    internal void ForgetHeldBefore(ulong index)
    {
        foreach (var origin in _tenants.Values.SelectMany(tenant => tenant.Origins.Values))
            origin.ForgetBefore(index);
    }

    // A chunk out of its turn is a copy, or of a snapshot that a newer one has taken the place of.
    private void ApplySnapshot(in ControlRecord chunk, HybridLogicalClock clock)
    {
        var place = (chunk.Tenant, chunk.Source);
        var arriving = _arriving.GetValueOrDefault(place);
        if (chunk.ChunkNumber == 0 && (arriving is null || chunk.SnapshotId > arriving.Id))
            _arriving[place] = arriving = new SnapshotAssembly(chunk.SnapshotId, chunk.ChunkCount);
        if (arriving?.Id != chunk.SnapshotId || arriving.Next != chunk.ChunkNumber)
            return;
        Observe(new HlcTimestamp(chunk.SnapshotId), clock);
        if (arriving.Take(chunk.Chunk) is { } whole)
            MergeIn(chunk.Tenant, whole);
    }

    private void MergeIn(TenantId tenant, ReadOnlyMemory<byte> snapshot)
    {
        var (held, copy) = (TenantOf(tenant), ReadOrNull(snapshot, tenant));
        // Another history under the same number: neither may win. The streams say so.
        if (copy is not null && held.AgreesWith(copy))
            _tenants[tenant] = held.Merge(copy);
    }

    // Every replica finds the same bytes wrong, and does without them: the sender will send another.
    private TenantReplica? ReadOrNull(ReadOnlyMemory<byte> snapshot, TenantId tenant)
    {
        try
        {
            return TenantReplica.FromSnapshot(snapshot, tenant, _schemas(tenant), () => _members(tenant));
        }
        catch (SnapshotDamagedException)
        {
            return null;
        }
    }

    // A hard negative, or one of several attempts: what a merge plan tells of.
    private static bool IsToldApart(TenantReplica tenant, in LogRecord record) =>
        record.Kind == RecordKind.HardNegative || record.Attempt > 0 || tenant.State.CountsLater(record.Identity);

    private void Observe(HlcTimestamp stamp, HybridLogicalClock clock)
    {
        clock.Observe(stamp);
        if (stamp > HighestHlc)
            HighestHlc = stamp;
    }
}
