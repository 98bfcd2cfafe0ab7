using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

// Between regions: what the shipper and the follower have in common.
public sealed partial class ShardReplica
{
    private readonly FollowerDb _follower;
    private readonly WalShipper _shipper;
    private readonly SnapshotReceiver _snapshots;
    private readonly Dictionary<RegionId, ((ulong Applied, ulong Table, ulong Followed) AsOf, List<MarkReport> Marks)> _marksFor = [];

    internal OriginRecovery Recovery { get; }

    internal ReplicaSettings Settings => _settings;

    internal long NowMicroseconds => _now.MonotonicMicroseconds;

    /// <summary>How far each other region is behind this one, while this replica is the primary.</summary>
    public IEnumerable<ReplicationLag> Lags => _shipper.Lags(_now.MonotonicMicroseconds);

    internal bool HearsPrimaryOf(RegionId region) => _shipper.Hears(region, NowMicroseconds);

    internal void SendToPrimaryOf(RegionId region, Message message) => _shipper.Send(region, message);

    /// <summary>What is committed here of every origin, those that have left included, of the tenants that a region holds too.</summary>
    internal IReadOnlyList<MarkReport> MarksFor(RegionId region)
    {
        // Told at every beat, of every tenant; they follow from what was applied and the routing table.
        var asOf = (_state.AppliedIndex, _settings.Tenants.Table.Version, _tableVersion);
        if (_marksFor.TryGetValue(region, out var told) && told.AsOf == asOf)
            return told.Marks;
        var marks = ReadMarksFor(region);
        _marksFor[region] = (asOf, marks);
        return marks;
    }

    private List<MarkReport> ReadMarksFor(RegionId region)
    {
        var marks = new List<MarkReport>(_settings.Topology.RegionCount);
        foreach (var placement in _settings.Tenants.Table.Tenants)
        {
            var (tenant, keepers) = (placement.Tenant, placement.Keepers);
            // Who waits for a snapshot says nothing: or each region would send its own log from the first record on.
            if (!keepers.Contains(region) || !keepers.Contains(Self.Region) || Standings.AwaitsSnapshot(tenant))
                continue;
            var held = _state.TenantOf(tenant);
            for (var place = 0; place < keepers.Count; place++)
                marks.Add(new MarkReport(tenant, keepers[place], held.OriginOf(keepers[place]).Mark));
            foreach (var (origin, log) in held.Origins)
            {
                if (log.Mark.Number > 0 && !keepers.Contains(origin))
                    marks.Add(new MarkReport(tenant, origin, log.Mark));
            }
        }
        return marks;
    }

    /// <summary>Proposes a checked batch of another region to this region's group.</summary>
    /// <returns>False when too much waits for its commit already, or another primary is to come: the sender will send it again.</returns>
    internal bool TryProposeForeign(in BatchHeader header, ReadOnlyMemory<byte> batch)
    {
        if (!MayAppend)
            return false;
        var index = _raft.Append(EnvelopeKind.Batch, batch);
        _tail!.AppendedShipped(header, index, batch);
        return true;
    }

    /// <summary>Proposes a control record to this region's group.</summary>
    /// <returns>False when too much waits for its commit already, or another primary is to come.</returns>
    internal bool TryPropose(in ControlRecord record)
    {
        if (!MayAppend)
            return false;
        _raft.Append(EnvelopeKind.Control, record.Encode());
        return true;
    }

    /// <summary>Sends a region what is committed here of a tenant. The primary's; a snapshot that is under way there comes first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="region">The region.</param>
    internal void SendSnapshot(TenantId tenant, RegionId region)
    {
        if (_raft.IsReadyPrimary)
            _shipper.SendSnapshot(tenant, region, NowMicroseconds);
    }

    internal void AskForSnapshots() => _snapshots.AskForMissing();

    /// <summary>After those of every snapshot that this replica has seen or sent.</summary>
    internal ulong NextSnapshotId() => _clock.Now(_now.WallMilliseconds).Packed;

    internal void ReportSnapshotRefused(RegionId region) =>
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.SnapshotRefused, _raft.Epoch, Region: region));

    internal void ReportRefused(RegionId region) =>
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.BatchRefused, _raft.Epoch, Region: region));

    internal void ReportDiverged(RegionId region, ulong number) =>
        Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.Diverged, _raft.Epoch, number, region));

    private void OnCommitted(in ControlRecord control)
    {
        if (control.Kind == ControlKind.Erase)
            OnErased(control);
        if (control.Kind != ControlKind.Snapshot)
            return;
        var isWhole = _state.Arriving(control.Tenant, control.Source) is { } arriving
            && arriving.Id == control.SnapshotId && arriving.Next == arriving.Count && control.ChunkNumber + 1 == control.ChunkCount;
        if (isWhole)
        {
            Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.SnapshotMerged, _raft.Epoch, Region: control.Source));
            _tail?.Raise(control.Tenant, _state.TenantOf(control.Tenant));
        }
        else
        {
            Effects.Events.Add(new ReplicaEvent(ReplicaEventKind.SnapshotArriving, _raft.Epoch, control.ChunkNumber + 1, control.Source));
        }
        if (!_raft.IsReadyPrimary)
            return;
        _snapshots.Committed(control);
        if (isWhole)
            _follower.CommittedAll(control.Tenant);
    }

    private void OnMarks(Address from, ShipMarks marks)
    {
        if (!_raft.IsReadyPrimary)
        {
            Effects.Send(from, new NotShardPrimary { Primary = _raft.Primary });
            return;
        }
        if (marks.IsComplete && !TellTable(from, marks.TableVersion))
            return;
        _shipper.OnMarks(from, marks, NowMicroseconds);
        Reconciling.OnMarks(from, marks, marks.IsComplete && _shipper.TakeSilence(from.Region), NowMicroseconds);
        _follower.OnMarks(from, marks, NowMicroseconds);
    }
}
