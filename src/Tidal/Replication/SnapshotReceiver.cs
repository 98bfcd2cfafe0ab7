using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Takes a tenant's snapshot from another region: each chunk is checked and proposed to this region's own group, so that a
/// failover in the middle, or right after it, forgets nothing (PROTOCOL 8). The primary's part; not safe for use by several
/// threads.
/// </summary>
internal sealed class SnapshotReceiver(ShardReplica replica)
{
    private readonly Dictionary<(TenantId, RegionId), (ulong Id, uint Next)> _proposed = [];

    /// <summary>What an earlier primary proposed, and what of it is committed, the state will say.</summary>
    public void Restart() => _proposed.Clear();

    /// <summary>Takes a chunk.</summary>
    public void OnChunk(Address from, ShipSnapshot chunk)
    {
        if (!replica.Raft.IsReadyPrimary)
        {
            replica.Effects.Send(from, new NotShardPrimary { Primary = replica.Raft.Primary });
            return;
        }
        if (!replica.Settings.Tenants.MayGive(chunk.Tenant, from.Region) || !replica.Standings.TakesShipped(chunk.Tenant))
            return;
        if (Crc32C.Of(chunk.Bytes.Span) != chunk.Crc)
            replica.ReportSnapshotRefused(from.Region);
        else
            Take(from, chunk);
    }

    /// <summary>
    /// Asks for the tenants that this region is to hold and holds nothing of: of one sponsor, the first region in region order
    /// that answers reads and can be heard. To be called with every beat: it says again what may have been lost.
    /// </summary>
    public void AskForMissing()
    {
        foreach (var tenant in replica.Standings.Preparing.Where(replica.Standings.AwaitsSnapshot))
        {
            foreach (var sponsor in replica.Settings.Tenants.ReadersOf(tenant).Where(replica.HearsPrimaryOf).Take(1))
                replica.SendToPrimaryOf(sponsor, new SnapshotRequest { Tenant = tenant });
        }
    }

    /// <summary>A tenant is erased here.</summary>
    public void Forget(TenantId tenant) => _proposed.RemoveWhere((stream, _) => stream.Item1 == tenant);

    /// <summary>A chunk is committed and applied here: the sender may send the next.</summary>
    public void Committed(in ControlRecord chunk)
    {
        if (replica.State.Arriving(chunk.Tenant, chunk.Source) is { } arriving)
            replica.SendToPrimaryOf(chunk.Source, new SnapshotProgress { Tenant = chunk.Tenant, Id = arriving.Id, Next = arriving.Next });
    }

    private void Take(Address from, ShipSnapshot chunk)
    {
        var stream = (chunk.Tenant, from.Region);
        var arriving = replica.State.Arriving(chunk.Tenant, from.Region);
        var committed = arriving?.Id >= chunk.Id ? arriving.Next : 0;
        var next = _proposed.TryGetValue(stream, out var last) && last.Id == chunk.Id ? Math.Max(last.Next, committed) : committed;
        if (arriving?.Id > chunk.Id)
            replica.Effects.Send(from, new SnapshotProgress { Tenant = chunk.Tenant, Id = arriving.Id, Next = committed });
        else if (chunk.Number == next && next < chunk.Count)
            Propose(stream, chunk);
        // What is proposed is answered when it is committed.
        else if (next == committed)
            replica.Effects.Send(from, new SnapshotProgress { Tenant = chunk.Tenant, Id = chunk.Id, Next = committed });
    }

    private void Propose((TenantId Tenant, RegionId Source) stream, ShipSnapshot chunk)
    {
        var record = ControlRecord.ForSnapshot(stream.Tenant, stream.Source, chunk.Id, chunk.Number, chunk.Count, chunk.Bytes);
        if (replica.TryPropose(record))
            _proposed[stream] = (chunk.Id, chunk.Number + 1);
    }
}
