using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

// What a newer routing table asks of a primary: to seal its region's log of a tenant, to reopen it, to erase the tenant.
public sealed partial class ShardReplica
{
    private bool _isPlacementDue;

    internal TenantStandings Standings { get; }

    /// <summary>What the newest table known asks for is looked for in the log: by every new primary, and with every new table.</summary>
    private void FollowPlacements()
    {
        if (!_isPlacementDue || _tail is null)
            return;
        _isPlacementDue = false;
        foreach (var placement in _settings.Tenants.Table.Tenants)
            _isPlacementDue |= !TryFollow(placement);
    }

    /// <summary>Appends what a placement asks for.</summary>
    /// <returns>False when something is in the way, and it must be tried again.</returns>
    private bool TryFollow(TenantPlacement placement)
    {
        if (Standings.IsEraseDue(placement))
            return TryErase(placement);
        // Only at the end of what the region had accepted: else numbers would be given twice, or a seal not be seen.
        if (placement.Readers.Contains(Self.Region) && Recovery.IsOutstanding(placement.Tenant))
            return false;
        if (Standings.OwnRecordDue(placement) is not { } kind)
            return true;
        if (!MayAppend)
            return false;
        AppendStanding(placement, kind);
        return true;
    }

    private void AppendStanding(TenantPlacement placement, RecordKind kind)
    {
        var (tenant, since) = (placement.Tenant, placement.MemberIn(Self.Region)!.Value.Since);
        // What is open comes first: the seal names the last number.
        if (_open.TryGetValue(tenant, out var open))
            Seal(open);
        var (stamp, now) = (_clock.Now(_now.WallMilliseconds), _now.WallMilliseconds);
        var record = kind == RecordKind.Seal
            ? LogRecord.Seal(stamp, now, since, _tail!.MarkOf(tenant, Self.Region).Number)
            : LogRecord.TenantMarker(stamp, now, since, action: 0);
        _tail!.Stand(tenant, record);
        AddToOpenBatch(tenant, record);
    }

    private bool TryErase(TenantPlacement placement)
    {
        var version = placement.MemberIn(Self.Region)!.Value.Since;
        if (!TryPropose(ControlRecord.ForErase(placement.Tenant, version)))
            return false;
        _open.Remove(placement.Tenant);
        _tail!.Erase(placement.Tenant, version);
        return true;
    }

    private void OnErased(in ControlRecord erase)
    {
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.Erased, _raft.Epoch, erase.TableVersion, Self.Region));
        _follower.Forget(erase.Tenant);
        _shipper.Forget(erase.Tenant);
        _snapshots.Forget(erase.Tenant);
        Reconciling.Forget(erase.Tenant);
        Recovery.Forget(erase.Tenant);
    }

    /// <summary>Whether nothing is left on the disk of the log up to the last erase: its checkpoint is durable, and what lay before has gone.</summary>
    public bool IsErasedOnDisk => _raft.Log.FirstIndex > _state.ErasedAt;

    /// <summary>
    /// The index up to which the log must go from the disk, whatever the bound on it says, because a tenant was erased: the end
    /// of the segment that holds the erase, which is ended for it. Null when nothing must.
    /// </summary>
    private ulong? EndOfErased()
    {
        if (IsErasedOnDisk)
            return null;
        if (_raft.Log.EndOfSegmentOf(_state.ErasedAt) is { } end)
            return end;
        _raft.RollLog();
        return _raft.Log.LastIndex;
    }

    /// <summary>Answers the control plane; only a primary knows.</summary>
    private void OnStandingRequest(Address from, TenantStandingRequest request)
    {
        if (!_raft.IsReadyPrimary)
            return;
        var held = _state.Tenants.GetValueOrDefault(request.Tenant);
        Effects.Send(from, new TenantStandingReply
        {
            Tenant = request.Tenant,
            PlacementVersion = _settings.Tenants.Table.Find(request.Tenant)?.Version ?? 0,
            Marks = held is null ? [] : [.. held.Origins.Where(origin => origin.Value.Mark.Number > 0)
                .Select(origin => new MarkReport(request.Tenant, origin.Key, origin.Value.Mark))],
            Own = held?.StandingOf(Self.Region) ?? default,
            ErasedBy = IsErasedOnDisk ? _state.ErasedBy(request.Tenant) : 0,
            Hears = [.. _settings.Topology.Regions.Where(region => region != Self.Region && HearsPrimaryOf(region))],
        });
    }
}
