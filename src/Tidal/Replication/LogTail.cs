using System.Diagnostics.CodeAnalysis;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// The end of the log as its primary works with it, uncommitted tail included: numbering, CRC chain, stamps and the search
/// for duplicates look here (PROTOCOL 2), while everything that is said looks at what is committed. Made from the log when
/// a replica becomes primary, thrown away when it is one no more: cutting the tail needs no undoing.
/// Not safe for use by several threads.
/// </summary>
internal sealed class LogTail
{
    private readonly Dictionary<(TenantId, RegionId), OriginMark> _marks = [];
    private readonly Dictionary<(TenantId, RecordIdentity), PendingRecord> _pending = [];
    private readonly Queue<(ulong Index, TenantId Tenant, RecordIdentity Identity)> _byIndex = [];
    private readonly Queue<ShippedBatch> _shipped = [];
    private readonly Dictionary<TenantId, ulong> _sessions = [];
    private readonly Dictionary<TenantId, OriginStanding> _standings = [];
    private readonly Dictionary<TenantId, ulong> _erased = [];

    private readonly RegionId _region;
    private readonly SegmentedLog _log;

    /// <summary>Reads the end of a log.</summary>
    /// <param name="region">The region of the group: its records are the ones that every write is held against.</param>
    /// <param name="state">What is committed.</param>
    /// <param name="log">The log.</param>
    /// <param name="clock">The replica's clock: stamps go on after those of the tail.</param>
    public LogTail(RegionId region, ShardState state, SegmentedLog log, HybridLogicalClock clock)
    {
        _region = region;
        _log = log;
        foreach (var (tenant, replica) in state.Tenants)
        {
            foreach (var (originRegion, origin) in replica.Origins)
                _marks[(tenant, originRegion)] = origin.Mark;
            _standings[tenant] = replica.StandingOf(region);
        }
        foreach (var (tenant, version) in state.Erased)
            _erased[tenant] = version;
        for (var index = state.AppliedIndex + 1; index <= log.LastIndex; index++)
        {
            foreach (var envelope in log.Read(index, index, 1))
                Take(envelope, clock);
        }
    }

    /// <summary>What the own records in the tail add to what their tenants use.</summary>
    public TailUsage Usage { get; } = new();

    /// <summary>How far an origin log goes.</summary>
    public OriginMark MarkOf(TenantId tenant, RegionId origin) => _marks.GetValueOrDefault((tenant, origin));

    /// <summary>Whether this region's own log is sealed at its end.</summary>
    public OriginStanding StandingOf(TenantId tenant) => _standings.GetValueOrDefault(tenant);

    /// <summary>The table version of the last erase of a tenant; 0 when it was never erased here.</summary>
    public ulong ErasedBy(TenantId tenant) => _erased.GetValueOrDefault(tenant);

    /// <summary>A seal or a marker of this region's own log is about to be appended.</summary>
    public void Stand(TenantId tenant, in LogRecord record) => _standings[tenant] = StandingOf(tenant).After(record);

    /// <summary>A tenant's erase was appended: the log begins anew for it.</summary>
    public void Erase(TenantId tenant, ulong version)
    {
        _erased[tenant] = version;
        _standings.Remove(tenant);
        _sessions.Remove(tenant);
        _marks.RemoveWhere((stream, _) => stream.Item1 == tenant);
    }

    /// <summary>The highest session number in the tail, of those this region opened.</summary>
    public ulong HighestSession(TenantId tenant) => _sessions.GetValueOrDefault(tenant);

    /// <summary>A record of this region's own that is in the tail and not yet committed, or null.</summary>
    public PendingRecord? Find(TenantId tenant, RecordIdentity identity) => _pending.GetValueOrDefault((tenant, identity));

    /// <summary>A record that another region shipped, in the tail and not yet committed, or null.</summary>
    public PendingRecord? FindShipped(TenantId tenant, RecordIdentity identity)
    {
        foreach (var batch in _shipped)
        {
            if (batch.Tenant == tenant && batch.Find(identity, _log) is { } pending)
                return pending;
        }
        return null;
    }

    /// <summary>Remembers a record that is about to be appended.</summary>
    public PendingRecord Expect(TenantId tenant, in LogRecord record)
    {
        var identity = record.Identity;
        // Never twice, but for records of sessions without a number, which nobody writes.
        if (!_pending.TryGetValue((tenant, identity), out var pending))
            _pending.Add((tenant, identity), pending = new PendingRecord(tenant, identity, record.Attempt));
        if (record.Kind == RecordKind.Session && record.Operation.Session.Region == _region)
            _sessions[tenant] = Math.Max(HighestSession(tenant), record.Operation.Session.Number);
        Usage.Expect(tenant, record);
        return pending;
    }

    /// <summary>Remembers that a batch of this region's own was appended.</summary>
    public void Appended(in BatchHeader header, ulong index, IReadOnlyList<RecordIdentity> identities)
    {
        Raise(header.Tenant, header.Origin.Region, OriginLog.MarkOf(header));
        Usage.Append(header, index);
        foreach (var identity in identities)
            _byIndex.Enqueue((index, header.Tenant, identity));
    }

    /// <summary>Remembers that a batch that another region shipped was appended.</summary>
    public void AppendedShipped(in BatchHeader header, ulong index, ReadOnlyMemory<byte> bytes)
    {
        if (header.Origin.Region == _region)
            StandAfter(BatchReader.Open(bytes));
        Raise(header.Tenant, header.Origin.Region, OriginLog.MarkOf(header));
        _shipped.Enqueue(new ShippedBatch(header.Tenant, index));
    }

    /// <summary>A snapshot was committed: what the tail has up to its marks is passed over, and what comes next follows them.</summary>
    public void Raise(TenantId tenant, TenantReplica committed)
    {
        foreach (var (region, origin) in committed.Origins)
            Raise(tenant, region, origin.Mark);
        if (committed.StandingOf(_region) is var standing && standing.Version > StandingOf(tenant).Version)
            _standings[tenant] = standing;
    }

    /// <summary>Takes out the next record that is committed now and not yet taken, in order.</summary>
    public bool TryTakeCommitted(ulong commitIndex, [MaybeNullWhen(false)] out PendingRecord pending)
    {
        Usage.Commit(commitIndex);
        while (_byIndex.TryPeek(out var next) && next.Index <= commitIndex)
        {
            _byIndex.Dequeue();
            if (_pending.Remove((next.Tenant, next.Identity), out pending))
                return true;
        }
        pending = null;
        return false;
    }

    /// <summary>Takes out the records of shipped batches that are committed now and that somebody waits for, in order.</summary>
    public IEnumerable<PendingRecord> TakeCommittedShipped(ulong commitIndex)
    {
        while (_shipped.TryPeek(out var batch) && batch.Index <= commitIndex)
        {
            _shipped.Dequeue();
            foreach (var pending in batch.Awaited)
                yield return pending;
        }
    }

    /// <summary>Everything that waits for a commit, in no particular order.</summary>
    public IEnumerable<PendingRecord> Pending => _pending.Values.Concat(_shipped.SelectMany(batch => batch.Awaited));

    // This region's own log, come back from another.
    private void StandAfter(BatchReader batch)
    {
        while (batch.TryRead(out var record))
            Stand(batch.Header.Tenant, record);
    }

    // A batch that stands behind a snapshot which holds it leads no mark back.
    private void Raise(TenantId tenant, RegionId origin, OriginMark mark)
    {
        if (mark.Number > MarkOf(tenant, origin).Number)
            _marks[(tenant, origin)] = mark;
    }

    private void Take(Envelope envelope, HybridLogicalClock clock)
    {
        if (envelope.Kind != EnvelopeKind.Batch)
        {
            if (ControlRecord.Decode(envelope.Payload) is { Kind: ControlKind.Erase } erase)
                Erase(erase.Tenant, erase.TableVersion);
            return;
        }
        var batch = BatchReader.Open(envelope.Payload);
        var isOwn = batch.Header.Origin.Region == _region;
        var identities = new List<RecordIdentity>();
        while (batch.TryRead(out var record))
        {
            clock.Observe(record.Hlc);
            if (isOwn)
                Stand(batch.Header.Tenant, record);
            if (!isOwn || record.Identity.Operation == default)
                continue;
            Expect(batch.Header.Tenant, record);
            identities.Add(record.Identity);
        }
        if (isOwn)
            Appended(batch.Header, envelope.Index, identities);
        else
            AppendedShipped(batch.Header, envelope.Index, envelope.Payload);
    }

    /// <summary>
    /// A batch of another region in the tail. What is in it is asked for by retries only, so it is read again when the first
    /// one asks, once.
    /// </summary>
    private sealed class ShippedBatch(TenantId tenant, ulong index)
    {
        private HashSet<RecordIdentity>? _identities;

        public TenantId Tenant { get; } = tenant;

        public ulong Index { get; } = index;

        /// <summary>The records that somebody waits for, in the order in which they were first asked for.</summary>
        public List<PendingRecord> Awaited { get; } = [];

        public PendingRecord? Find(RecordIdentity identity, SegmentedLog log)
        {
            if (Awaited.Find(awaited => awaited.Identity == identity) is { } found)
                return found;
            if (!(_identities ??= Read(log)).Contains(identity))
                return null;
            Awaited.Add(new PendingRecord(Tenant, identity, attempt: 0));
            return Awaited[^1];
        }

        private HashSet<RecordIdentity> Read(SegmentedLog log)
        {
            var identities = new HashSet<RecordIdentity>();
            // Committed, and a checkpoint stands for it: the state knows.
            if (Index < log.FirstIndex)
                return identities;
            var batch = BatchReader.Open(log.Read(Index).Payload);
            while (batch.TryRead(out var record))
                identities.Add(record.Identity);
            return identities;
        }
    }
}

/// <summary>A record in the tail, and the tries that wait for its commit.</summary>
/// <param name="tenant">Whose record.</param>
/// <param name="identity">What it is known by.</param>
/// <param name="attempt">Its attempt; not told of what another region shipped.</param>
internal sealed class PendingRecord(TenantId tenant, RecordIdentity identity, byte attempt)
{
    /// <summary>Whose record.</summary>
    public TenantId Tenant { get; } = tenant;

    /// <summary>What it is known by.</summary>
    public RecordIdentity Identity { get; } = identity;

    /// <summary>Whether it is a first attempt, if it is this region's own.</summary>
    public bool IsFirst { get; } = attempt == 0;

    /// <summary>Who is to be told: a gateway and its try. Bounded by the tries that a primary takes in its epoch.</summary>
    public List<(Address Gateway, ulong Try)> Waiting { get; } = new(capacity: 1);
}
