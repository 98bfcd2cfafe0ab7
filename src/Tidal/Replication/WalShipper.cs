using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Ships what its region committed to the other regions that hold the tenant: each committed batch at once, unchanged,
/// with a cursor a region that only the receiver's committed mark moves. The primary's part; not safe for use by several
/// threads.
/// </summary>
internal sealed class WalShipper
{
    /// <summary>A region not heard for so many beats gets no batches until it is heard again.</summary>
    private const int SilentBeats = 3;

    private readonly ShardReplica _replica;
    private readonly List<RemotePrimary> _remotes;
    // Looked through after every input of a primary: a list can be gone through by place, without an enumerator.
    private readonly SortedList<(TenantId, RegionId), ShipStream> _streams = [];
    private readonly SnapshotSender _snapshots;
    private long _nextBeat = long.MaxValue;

    public WalShipper(ShardReplica replica)
    {
        _replica = replica;
        _snapshots = new SnapshotSender(replica);
        _remotes = [.. replica.Settings.Topology.Regions.Where(region => region != replica.Self.Region)
            .Select(region => new RemotePrimary(region, replica.Settings.Topology.ReplicaCount))];
    }

    /// <summary>When the next beat to the other regions is due, monotonic microseconds.</summary>
    public long NextBeatMicroseconds => _nextBeat;

    private long SilenceMicroseconds => SilentBeats * BeatMicroseconds;

    private long BeatMicroseconds => _replica.Settings.Options.ShipBeatMicroseconds;

    /// <summary>Begins anew: a new primary knows of no cursor until the regions have said what they hold.</summary>
    public void Restart(long now)
    {
        foreach (var remote in _remotes)
            remote.Listen(now);
        _streams.Clear();
        _snapshots.Restart();
        _nextBeat = _remotes.Count == 0 ? long.MaxValue : 0;
    }

    /// <summary>The routing table has changed: a region that takes a tenant's batches no more is sent none.</summary>
    public void OnTable()
    {
        _streams.RemoveWhere((_, stream) => !MayShip(stream.Tenant, stream.Target));
        _snapshots.OnTable();
    }

    /// <summary>The replica is primary no more.</summary>
    public void Stop()
    {
        _streams.Clear();
        _snapshots.Restart();
        _nextBeat = long.MaxValue;
    }

    /// <summary>Tells the other regions what is held here, and sends again what got lost.</summary>
    public void Tick(long now)
    {
        if (now < _nextBeat || !_replica.Raft.IsReadyPrimary)
            return;
        _nextBeat = now + BeatMicroseconds;
        foreach (var remote in _remotes)
        {
            remote.TryNextIfSilent(SilenceMicroseconds, now);
            // Without a tenant in common too: the beat tells which routing table is known here.
            Send(remote, new ShipMarks
            {
                Marks = _replica.MarksFor(remote.Region),
                IsComplete = true,
                TableVersion = _replica.Settings.Tenants.Table.Version,
            });
        }
        for (var place = 0; place < _streams.Count; place++)
            ResendIfStuck(_streams.GetValueAtIndex(place), now);
        _snapshots.Tick(now);
        _replica.AskForSnapshots();
        _replica.Reconciling.Beat(now);
    }

    /// <summary>A tenant is erased here.</summary>
    public void Forget(TenantId tenant)
    {
        _streams.RemoveWhere((stream, _) => stream.Item1 == tenant);
        _snapshots.Forget(tenant);
    }

    /// <summary>A batch of this region was committed.</summary>
    public void Committed(in BatchHeader header, long now)
    {
        foreach (var region in _replica.Settings.Tenants.HoldersOf(header.Tenant))
        {
            if (region != _replica.Self.Region)
                StreamTo(header.Tenant, region).Gauge.Committed(header.LastNumber, now);
        }
    }

    /// <summary>Sends what is committed and not yet sent, to every region that can be reached.</summary>
    public void Pump(long now)
    {
        for (var place = 0; place < _streams.Count; place++)
        {
            var stream = _streams.GetValueAtIndex(place);
            // Of many tenants few have something to send.
            if (stream.SettledAt == _replica.State.AppliedIndex)
                continue;
            var remote = RemoteOf(stream.Target);
            if (stream.Acknowledged is null || stream.IsDiverged || !IsReachable(remote, now) || _replica.Reconciling.Holds(stream.Tenant, stream.Target, now))
                continue;
            var origin = OriginOf(stream.Tenant, _replica.Self.Region);
            if (stream.Sent + 1 < origin.OldestHeld)
            {
                _snapshots.Send(stream.Tenant, stream.Target, now);
                continue;
            }
            while (stream.Sent < origin.Mark.Number && RoomIn(stream, origin) is > 0 and var room)
            {
                if (stream.Sent == stream.Acknowledged)
                    stream.LastProgressMicroseconds = now;
                stream.Sent = SendRun(stream.Tenant, _replica.Self.Region, stream.Sent + 1, room, remote);
            }
            stream.SettledAt = stream.Sent < origin.Mark.Number ? null : _replica.State.AppliedIndex;
        }
    }

    /// <summary>A region's primary says what it holds.</summary>
    public void OnMarks(Address from, ShipMarks marks, long now)
    {
        Heard(from, now);
        for (var place = 0; place < marks.Marks.Count; place++)
        {
            var report = marks.Marks[place];
            if (report.Origin == _replica.Self.Region && MayShip(report.Tenant, from.Region))
                OnAcknowledged(StreamTo(report.Tenant, from.Region), report.Mark, now);
        }
    }

    /// <summary>A region misses a run; of this region's log, or of another's that is held here.</summary>
    public void OnGapRequest(Address from, GapRequest gap)
    {
        var remote = RemoteOf(from.Region);
        if (!_replica.Raft.IsReadyPrimary || !MayShip(gap.Tenant, from.Region))
            return;
        // Only a primary asks; the answer is to reach it.
        Heard(from, _replica.NowMicroseconds);
        if (gap.Origin == _replica.Self.Region)
            StreamTo(gap.Tenant, from.Region).Rewind(gap.From - 1, _replica.NowMicroseconds);
        else if (OriginOf(gap.Tenant, gap.Origin).Mark.Number < gap.From)
            return;
        else if (gap.From < OriginOf(gap.Tenant, gap.Origin).OldestHeld)
            _snapshots.Send(gap.Tenant, from.Region, _replica.NowMicroseconds);
        else
            SendRun(gap.Tenant, gap.Origin, gap.From, _replica.Settings.Options.ShipWindowMax, remote);
    }

    /// <summary>A region is to hold a tenant of which it holds nothing.</summary>
    public void OnSnapshotRequest(Address from, SnapshotRequest request)
    {
        if (!_replica.Raft.IsReadyPrimary || !MayShip(request.Tenant, from.Region) || _replica.Recovery.IsOutstanding(request.Tenant))
            return;
        Heard(from, _replica.NowMicroseconds);
        _snapshots.Send(request.Tenant, from.Region, _replica.NowMicroseconds);
    }

    /// <summary>A region's primary says how much it has of a snapshot.</summary>
    public void OnSnapshotProgress(Address from, SnapshotProgress progress)
    {
        if (!_replica.Raft.IsReadyPrimary)
            return;
        Heard(from, _replica.NowMicroseconds);
        _snapshots.OnProgress(from, progress, _replica.NowMicroseconds);
    }

    /// <summary>Sends a region what is committed here of a tenant, unless a snapshot is on its way there already.</summary>
    public void SendSnapshot(TenantId tenant, RegionId region, long now)
    {
        if (MayShip(tenant, region))
            _snapshots.Send(tenant, region, now);
    }

    /// <summary>A region holds something else under our numbers.</summary>
    public void OnDiverged(Address from, StreamDiverged diverged)
    {
        if (_replica.Raft.IsReadyPrimary && diverged.Origin == _replica.Self.Region && MayShip(diverged.Tenant, from.Region))
            Stop(StreamTo(diverged.Tenant, from.Region), diverged.Number);
    }

    /// <summary>A message between regions reached a replica that is not the primary.</summary>
    public void OnNotPrimary(Address from, NotShardPrimary notPrimary) =>
        RemoteOf(from.Region).Redirect(from.Replica, notPrimary.Primary, _replica.NowMicroseconds);

    /// <summary>How far the other regions are behind this one.</summary>
    public IEnumerable<ReplicationLag> Lags(long now)
    {
        foreach (var stream in _streams.Values)
        {
            var outstanding = OriginOf(stream.Tenant, _replica.Self.Region).CountBatchesAfter(stream.Acknowledged ?? 0);
            yield return new ReplicationLag(
                stream.Tenant, _replica.Self.Shard, _replica.Self.Region, stream.Target, outstanding, stream.Gauge.Age(now));
        }
    }

    /// <summary>Sends a message to whom it takes for the primary of a region.</summary>
    public void Send(RegionId region, Message message) => Send(RemoteOf(region), message);

    /// <summary>Whether a region's primary was heard lately.</summary>
    public bool Hears(RegionId region, long now) =>
        now - RemoteOf(region).LastHeardMicroseconds <= SilenceMicroseconds;

    /// <summary>A region's primary was heard.</summary>
    public void Heard(Address primary, long now) => RemoteOf(primary.Region).Heard(primary.Replica, SilenceMicroseconds, now);

    /// <summary>Whether a region was heard again after a silence; says so once.</summary>
    public bool TakeSilence(RegionId region)
    {
        var remote = RemoteOf(region);
        var isBack = remote.IsBackFromSilence;
        remote.IsBackFromSilence = false;
        return isBack;
    }

    /// <summary>Whether a tenant's data may go to a region, as far as the routing table is known here: nothing else is a reason to send any.</summary>
    private bool MayShip(TenantId tenant, RegionId region) =>
        _replica.Settings.Tenants.IsHolder(tenant, region) && _replica.Settings.Tenants.MayGive(tenant, _replica.Self.Region);

    // After a silence the next beat comes first: by it the two see what to tell each other before anything is shipped.
    private bool IsReachable(RemotePrimary remote, long now) =>
        !remote.IsBackFromSilence && now - remote.LastHeardMicroseconds <= SilenceMicroseconds;

    private void OnAcknowledged(ShipStream stream, OriginMark mark, long now)
    {
        if (stream.IsDiverged)
            return;
        var origin = OriginOf(stream.Tenant, _replica.Self.Region);
        if (mark.Number > 0 && origin.Find(mark.Number) is { } held && held.Mark != mark)
            Stop(stream, mark.Number);
        else if (_replica.Recovery.IsOutstanding(stream.Tenant))
            return;
        else if (mark.Number > origin.Mark.Number)
            Stop(stream, origin.Mark.Number + 1);
        else
            stream.Acknowledge(mark.Number, now);
    }

    private void Stop(ShipStream stream, ulong number)
    {
        if (stream.IsDiverged)
            return;
        stream.IsDiverged = true;
        _replica.ReportDiverged(stream.Target, number);
    }

    private void ResendIfStuck(ShipStream stream, long now)
    {
        if (stream.Acknowledged is { } acknowledged && stream.Sent > acknowledged
            && now - stream.LastProgressMicroseconds >= _replica.Settings.Options.ShipResendMicroseconds)
            stream.Rewind(acknowledged, now);
    }

    /// <summary>How many batches more may be under way to a region.</summary>
    private int RoomIn(ShipStream stream, OriginLog origin)
    {
        var held = Math.Min(stream.Acknowledged ?? 0, stream.Sent);
        return _replica.Settings.Options.ShipWindowMax - (origin.CountBatchesAfter(held) - origin.CountBatchesAfter(stream.Sent));
    }

    /// <summary>Sends a run of batches from the one that holds a number on.</summary>
    /// <returns>The last number sent.</returns>
    private ulong SendRun(TenantId tenant, RegionId originRegion, ulong from, int batchesMax, RemotePrimary remote)
    {
        var origin = OriginOf(tenant, originRegion);
        var batches = new List<ReadOnlyMemory<byte>>();
        var bytes = 0;
        var next = from;
        while (batches.Count < batchesMax && origin.Find(next) is { } held)
        {
            var payload = _replica.Raft.Log.Read(held.Index, held.Index, 1)[0].Payload;
            if (batches.Count > 0 && bytes + payload.Length > _replica.Settings.Options.ShipBytesMax)
                break;
            batches.Add(payload);
            bytes += payload.Length;
            next = held.Mark.Number + 1;
        }
        if (batches.Count > 0)
            Send(remote, new ShipBatches { Tenant = tenant, Origin = originRegion, Batches = batches });
        return next - 1;
    }

    private void Send(RemotePrimary remote, Message message) =>
        _replica.Effects.Send(_replica.Self with { Region = remote.Region, Replica = remote.Replica }, message);

    private OriginLog OriginOf(TenantId tenant, RegionId region) => _replica.State.TenantOf(tenant).OriginOf(region);

    private RemotePrimary RemoteOf(RegionId region) =>
        _remotes[region.Ordinal < _replica.Self.Region.Ordinal ? region.Ordinal : region.Ordinal - 1];

    private ShipStream StreamTo(TenantId tenant, RegionId region)
    {
        if (!_streams.TryGetValue((tenant, region), out var stream))
            _streams.Add((tenant, region), stream = new ShipStream(tenant, region));
        return stream;
    }
}
