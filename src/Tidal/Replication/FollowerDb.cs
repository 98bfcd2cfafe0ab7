using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Takes the origin logs of other regions: checks each batch and proposes it to this region's own group, so that it counts
/// when the region has committed it and no failover forgets it. Each origin is taken contiguously; what is missing is asked
/// for, what is held is ignored, and what differs stops that stream. The primary's part; not safe for use by several threads.
/// </summary>
internal sealed class FollowerDb(ShardReplica replica)
{
    /// <summary>What an origin announced of its log, and as of when all that it had is known to be here.</summary>
    private sealed class Freshness
    {
        public ulong AnnouncedNumber { get; set; }

        public long HeardMicroseconds { get; set; }

        public long? AsOfMicroseconds { get; set; }
    }

    private readonly Dictionary<(TenantId, RegionId), Freshness> _freshness = [];
    private readonly SortedDictionary<(TenantId, RegionId, RegionId Asked), (ulong From, long AskedMicroseconds)> _asked = [];
    private readonly Dictionary<(TenantId, RegionId), (ulong Number, long SinceMicroseconds)> _behind = [];
    private readonly Dictionary<(TenantId, RegionId), ulong> _diverged = [];
    private readonly SortedSet<(TenantId, RegionId)> _moved = [];

    /// <summary>Takes batches that another region sent.</summary>
    public void OnBatches(Address from, ShipBatches message)
    {
        if (!replica.Raft.IsReadyPrimary)
        {
            replica.Effects.Send(from, new NotShardPrimary { Primary = replica.Raft.Primary });
            return;
        }
        try
        {
            foreach (var batch in message.Batches)
            {
                if (!TakeBatch(from, message, batch))
                    return;
            }
        }
        catch (LogException)
        {
            // Damaged on its way, or of a format that this version does not know: not taken, and said. What was damaged comes
            // again, for the mark does not move.
            replica.ReportRefused(message.Origin);
        }
    }

    /// <summary>A batch of another region is committed here.</summary>
    public void Committed(in BatchHeader header)
    {
        var stream = (header.Tenant, header.Origin.Region);
        _moved.Add(stream);
        NoteFreshness(stream, header.LastNumber);
    }

    /// <summary>A snapshot is committed here: any origin's mark may have risen.</summary>
    public void CommittedAll(TenantId tenant)
    {
        foreach (var (region, origin) in replica.State.TenantOf(tenant).Origins)
        {
            if (region == replica.Self.Region)
                continue;
            _moved.Add((tenant, region));
            NoteFreshness((tenant, region), origin.Mark.Number);
        }
    }

    /// <summary>Tells the origins what was committed of theirs since the last call.</summary>
    public void AcknowledgeMoved()
    {
        // The usual case, for this is called after every input; going through an empty set is not free.
        if (_moved.Count == 0)
            return;
        foreach (var (tenant, origin) in _moved)
        {
            var mark = replica.State.TenantOf(tenant).OriginOf(origin).Mark;
            replica.SendToPrimaryOf(origin, new ShipMarks { Marks = [new MarkReport(tenant, origin, mark)], IsComplete = false });
        }
        _moved.Clear();
    }

    /// <summary>Another region says what it holds: of its own log, what is new; of a third one's, what could be asked of it.</summary>
    public void OnMarks(Address from, ShipMarks marks, long now)
    {
        var (tenant, isTaken) = (default(TenantId), false);
        for (var place = 0; place < marks.Marks.Count; place++)
        {
            var report = marks.Marks[place];
            var stream = (report.Tenant, report.Origin);
            if (place == 0 || report.Tenant != tenant)
                (tenant, isTaken) = (report.Tenant, replica.Settings.Tenants.IsHolder(report.Tenant, replica.Self.Region));
            if (report.Origin == replica.Self.Region)
                OnOwnMark(from, stream, report.Mark.Number, now);
            // The other region may not have heard yet that this one takes nothing of the tenant's any more.
            else if (!isTaken)
                continue;
            else if (report.Origin == from.Region)
                OnOriginMark(from, stream, report.Mark.Number, now);
            else if (report.Mark.Number > TailMark(stream).Number && (!replica.HearsPrimaryOf(report.Origin) || IsStuck(stream, now))
                && !replica.Reconciling.Holds(report.Tenant, from.Region, now))
                AskFor(from.Region, stream, now);
        }
    }

    private void OnOwnMark(Address from, (TenantId Tenant, RegionId Origin) stream, ulong number, long now)
    {
        replica.Recovery.Heard(stream.Tenant, from.Region, number);
        if (replica.Recovery.IsOutstanding(stream.Tenant) && number > TailMark(stream).Number)
            AskFor(from.Region, stream, now);
    }

    private void OnOriginMark(Address from, (TenantId Tenant, RegionId Origin) stream, ulong number, long now)
    {
        Announce(stream, number, now);
        // The origin's cursor only moves on: it does not know when a group founded anew has lost what it had acknowledged.
        if (number > TailMark(stream).Number && IsStuck(stream, now) && !replica.Reconciling.Holds(stream.Tenant, from.Region, now))
            AskFor(from.Region, stream, now);
    }

    /// <summary>A tenant is erased here: what was heard of its streams is of no use any more.</summary>
    public void Forget(TenantId tenant)
    {
        _freshness.RemoveWhere((stream, _) => stream.Item1 == tenant);
        _asked.RemoveWhere((question, _) => question.Item1 == tenant);
        _behind.RemoveWhere((stream, _) => stream.Item1 == tenant);
        _diverged.RemoveWhere((stream, _) => stream.Item1 == tenant);
        _moved.RemoveWhere(stream => stream.Item1 == tenant);
    }

    /// <summary>How stale what is held of each other region may be.</summary>
    public IReadOnlyList<OriginStaleness> StalenessOf(TenantId tenant)
    {
        var staleness = new List<OriginStaleness>();
        foreach (var origin in replica.Settings.Tenants.HoldersOf(tenant))
        {
            if (origin != replica.Self.Region)
                staleness.Add(new OriginStaleness(origin, AgeOf((tenant, origin))));
        }
        return staleness;
    }

    /// <summary>Whether an origin that is heard sends nothing of what a third region holds: it may be that it does not hear us.</summary>
    private bool IsStuck((TenantId Tenant, RegionId Origin) stream, long now)
    {
        var number = TailMark(stream).Number;
        if (!_behind.TryGetValue(stream, out var behind) || behind.Number != number)
            _behind[stream] = behind = (number, now);
        return now - behind.SinceMicroseconds >= 2 * replica.Settings.Options.ShipResendMicroseconds;
    }

    private TimeSpan AgeOf((TenantId, RegionId) stream) => _freshness.TryGetValue(stream, out var known) && known.AsOfMicroseconds is { } asOf
        ? TimeSpan.FromMicroseconds(replica.NowMicroseconds - asOf)
        : TimeSpan.MaxValue;

    private bool TakeBatch(Address from, ShipBatches message, ReadOnlyMemory<byte> batch)
    {
        var header = BatchReader.Verify(batch, replica.Settings.Options.FormatReadable);
        var stream = (header.Tenant, header.Origin.Region);
        // Whoever mixes up two logs is wrong about both.
        if (stream != (message.Tenant, message.Origin))
        {
            replica.ReportRefused(message.Origin);
            return false;
        }
        if (header.Shard != replica.Self.Shard || !replica.Standings.TakesShipped(header.Tenant))
            return false;
        if (header.Origin.Region == replica.Self.Region && !replica.Recovery.IsOutstanding(header.Tenant))
            return false;
        if (_diverged.TryGetValue(stream, out var differs))
        {
            // Said again: the first word of it may be lost, and a new primary of the origin has not heard it.
            SayDiverged(from, stream, differs);
            return false;
        }
        var mark = TailMark(stream);
        if (header.LastNumber <= mark.Number)
            return IsSameAsHeld(stream, header) || Diverge(from, stream, header.FirstNumber);
        if (header.FirstNumber > mark.Number + 1)
        {
            AskFor(from.Region, stream, replica.NowMicroseconds);
            return false;
        }
        if (header.FirstNumber <= mark.Number || header.PreviousCrc != mark.Crc)
            return Diverge(from, stream, header.FirstNumber);
        return replica.TryProposeForeign(header, batch);
    }

    private OriginMark TailMark((TenantId Tenant, RegionId Origin) stream) => replica.Tail!.MarkOf(stream.Tenant, stream.Origin);

    /// <summary>Whether a batch is the one held under its numbers; one older than the log still held is ignored unverified.</summary>
    private bool IsSameAsHeld((TenantId Tenant, RegionId Origin) stream, in BatchHeader header) =>
        replica.State.TenantOf(stream.Tenant).OriginOf(stream.Origin).Find(header.LastNumber) is not { } held
        || held.Mark == OriginLog.MarkOf(header);

    private bool Diverge(Address from, (TenantId Tenant, RegionId Origin) stream, ulong number)
    {
        _diverged.Add(stream, number);
        SayDiverged(from, stream, number);
        replica.ReportDiverged(stream.Origin, number);
        return false;
    }

    private void SayDiverged(Address to, (TenantId Tenant, RegionId Origin) stream, ulong number) =>
        replica.Effects.Send(to, new StreamDiverged { Tenant = stream.Tenant, Origin = stream.Origin, Number = number });

    /// <summary>Asks a region for what is missing of an origin log; not twice for the same before the answer can be there.</summary>
    public void AskFor(RegionId region, (TenantId Tenant, RegionId Origin) stream, long now)
    {
        // What a snapshot brings is not asked for piece by piece.
        if (replica.Standings.AwaitsSnapshot(stream.Tenant))
            return;
        var first = TailMark(stream).Number + 1;
        // Of each region by itself: one that does not hear must not keep another from being asked.
        var question = (stream.Tenant, stream.Origin, region);
        if (_asked.TryGetValue(question, out var asked) && asked.From == first
            && now - asked.AskedMicroseconds < replica.Settings.Options.ShipResendMicroseconds)
            return;
        _asked[question] = (first, now);
        replica.SendToPrimaryOf(region, new GapRequest { Tenant = stream.Tenant, Origin = stream.Origin, From = first });
    }

    private void Announce((TenantId Tenant, RegionId Origin) stream, ulong number, long now)
    {
        // One announcement at a time: the next is taken once this one is reached, or staleness would never be known.
        var committed = replica.State.TenantOf(stream.Tenant).OriginOf(stream.Origin).Mark.Number;
        if (!_freshness.TryGetValue(stream, out var known))
            _freshness.Add(stream, known = new Freshness { AnnouncedNumber = number, HeardMicroseconds = now });
        else if (known.AnnouncedNumber <= committed)
            (known.AnnouncedNumber, known.HeardMicroseconds) = (number, now);
        NoteFreshness(known, committed);
    }

    private void NoteFreshness((TenantId, RegionId) stream, ulong committed)
    {
        if (_freshness.TryGetValue(stream, out var known))
            NoteFreshness(known, committed);
    }

    private static void NoteFreshness(Freshness known, ulong committed)
    {
        if (known.AnnouncedNumber <= committed)
            known.AsOfMicroseconds = Math.Max(known.HeardMicroseconds, known.AsOfMicroseconds ?? 0);
    }
}
