using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Sends other regions what is held here of a tenant, where batches alone will not do: chunk by chunk, the next when the one
/// before is committed there, again after silence. One snapshot a region is under way at a time; a new primary begins
/// anew. The primary's part; not safe for use by several threads.
/// </summary>
internal sealed class SnapshotSender(ShardReplica replica)
{
    private readonly SortedDictionary<RegionId, Transfer> _transfers = [];

    private ReplicationOptions Options => replica.Settings.Options;

    /// <summary>What an earlier primary sent is not known here.</summary>
    public void Restart() => _transfers.Clear();

    /// <summary>Sends a region what is committed here now, unless a snapshot is on its way there or has just arrived.</summary>
    public void Send(TenantId tenant, RegionId target, long now)
    {
        // After the last chunk the region's marks are on their way: they say whether another snapshot is needed.
        if (_transfers.TryGetValue(target, out var last) && !(last.IsDone && now - last.SentMicroseconds >= Options.ShipResendMicroseconds))
            return;
        var bytes = replica.State.TenantOf(tenant).ToSnapshot(tenant);
        var chunkBytes = Math.Max(Options.SnapshotChunkBytesMax, bytes.Length / LogLimits.SnapshotChunksMax + 1);
        var transfer = new Transfer(tenant, replica.NextSnapshotId(), bytes, chunkBytes);
        _transfers[target] = transfer;
        SendChunk(target, transfer, now);
    }

    /// <summary>The routing table has changed: what is under way to a region that takes the tenant's data no more stops there.</summary>
    public void OnTable() => _transfers.RemoveWhere((target, transfer) => !replica.Settings.Tenants.IsHolder(transfer.Tenant, target));

    /// <summary>A tenant is erased here.</summary>
    public void Forget(TenantId tenant) => _transfers.RemoveWhere((_, transfer) => transfer.Tenant == tenant);

    /// <summary>A region's primary says how much of a snapshot is committed there.</summary>
    public void OnProgress(Address from, SnapshotProgress progress, long now)
    {
        if (!_transfers.TryGetValue(from.Region, out var transfer) || transfer.Tenant != progress.Tenant || transfer.IsDone)
            return;
        if (progress.Id > transfer.Id)
        {
            // An earlier primary of this region was ahead of our clock; with this message it no longer is.
            _transfers.Remove(from.Region);
            Send(transfer.Tenant, from.Region, now);
        }
        // An answer that asks for the chunk that is under way is a copy of an older one.
        else if (progress.Id == transfer.Id && progress.Next != transfer.Next)
        {
            transfer.GoTo(progress.Next, now);
            if (!transfer.IsDone)
                SendChunk(from.Region, transfer, now);
        }
    }

    /// <summary>Sends again what was not answered.</summary>
    public void Tick(long now)
    {
        foreach (var (target, transfer) in _transfers)
        {
            if (!transfer.IsDone && replica.HearsPrimaryOf(target) && now - transfer.SentMicroseconds >= Options.ShipResendMicroseconds)
                SendChunk(target, transfer, now);
        }
    }

    private void SendChunk(RegionId target, Transfer transfer, long now)
    {
        transfer.SentMicroseconds = now;
        var chunk = transfer.Chunk;
        replica.SendToPrimaryOf(target, new ShipSnapshot
        {
            Tenant = transfer.Tenant,
            Id = transfer.Id,
            Number = transfer.Next,
            Count = transfer.Count,
            Bytes = chunk,
            Crc = Crc32C.Of(chunk.Span),
        });
    }

    private sealed class Transfer(TenantId tenant, ulong id, byte[] bytes, int chunkBytes)
    {
        private ReadOnlyMemory<byte> _bytes = bytes;

        public TenantId Tenant { get; } = tenant;

        public ulong Id { get; } = id;

        public uint Count { get; } = (uint)((bytes.Length + chunkBytes - 1) / chunkBytes);

        public uint Next { get; private set; }

        public bool IsDone => Next >= Count;

        public long SentMicroseconds { get; set; }

        public ReadOnlyMemory<byte> Chunk
        {
            get
            {
                var start = (int)Next * chunkBytes;
                return _bytes.Slice(start, Math.Min(chunkBytes, _bytes.Length - start));
            }
        }

        public void GoTo(uint next, long now)
        {
            (Next, SentMicroseconds) = (next, now);
            if (IsDone)
                _bytes = default;
        }
    }
}
