using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private readonly Dictionary<TailKey, Pending> _pending = [];
    private readonly SortedList<TenantId, TailBatch> _expected = [];
    private readonly Queue<TailBatch> _appended = [];
    private readonly List<TailBatch> _dropped = [];
    private readonly Stack<TailBatch> _spare = [];
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
        // Dropped, and in no batch to come: known, and unknown how it ends, until the epoch does.
        if (_expected.Remove(tenant, out var batch))
            _dropped.Add(batch);
    }

    /// <summary>The highest session number in the tail, of those this region opened.</summary>
    public ulong HighestSession(TenantId tenant) => _sessions.GetValueOrDefault(tenant);

    /// <summary>Whether a record of this region's own is in the tail and not yet committed.</summary>
    public bool Holds(TenantId tenant, RecordIdentity identity) => _pending.ContainsKey(new TailKey(tenant, identity));

    /// <summary>Whether it is, as a first attempt.</summary>
    public bool HoldsFirst(TenantId tenant, RecordIdentity identity) => _pending.TryGetValue(new TailKey(tenant, identity), out var pending) && pending.IsFirst;

    /// <summary>A record of this region's own that is in the tail and not yet committed, to be waited for; or null.</summary>
    public PendingRecord? Find(TenantId tenant, RecordIdentity identity)
    {
        ref var pending = ref CollectionsMarshal.GetValueRefOrNullRef(_pending, new TailKey(tenant, identity));
        return Unsafe.IsNullRef(ref pending) ? null : pending.AskedFor ??= new PendingRecord(identity);
    }

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

    /// <summary>Remembers a record that is about to be appended, in the next batch of its tenant.</summary>
    /// <param name="tenant">Whose record.</param>
    /// <param name="record">The record.</param>
    /// <param name="tried">The try that wrote it, and waits for its commit; null if none does.</param>
    /// <param name="index">Which of the try's records it is.</param>
    public void Expect(TenantId tenant, in LogRecord record, WriteTry? tried = null, int index = 0)
    {
        var identity = record.Identity;
        // Never twice, but for records of sessions without a number, which nobody writes.
        if (_pending.TryAdd(new TailKey(tenant, identity), new Pending(record.Attempt == 0)))
            ExpectedOf(tenant).Records.Add(new TailRecord(identity, tried, index));
        if (record.Kind == RecordKind.Session && record.Operation.Session.Region == _region)
            _sessions[tenant] = Math.Max(HighestSession(tenant), record.Operation.Session.Number);
        Usage.Expect(tenant, record);
    }

    /// <summary>Remembers that a batch of this region's own was appended: all that was expected of its tenant.</summary>
    public void Appended(in BatchHeader header, ulong index)
    {
        Raise(header.Tenant, header.Origin.Region, OriginLog.MarkOf(header));
        Usage.Append(header, index);
        if (!_expected.Remove(header.Tenant, out var batch))
            return;
        batch.Index = index;
        _appended.Enqueue(batch);
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

    /// <summary>Takes out the next batch that is committed now and not yet taken, in order; it goes back with <see cref="Forget(TailBatch)"/>.</summary>
    public TailBatch? TakeCommitted(ulong commitIndex)
    {
        Usage.Commit(commitIndex);
        return _appended.TryPeek(out var batch) && batch.Index <= commitIndex ? _appended.Dequeue() : null;
    }

    /// <summary>Forgets a record of a batch that was taken out.</summary>
    /// <returns>It as others waited for it beside the try that wrote it; null if nobody did.</returns>
    public PendingRecord? Forget(TenantId tenant, RecordIdentity identity)
    {
        _pending.Remove(new TailKey(tenant, identity), out var pending);
        return pending.AskedFor;
    }

    /// <summary>A batch was taken out, and what was in it forgotten: the next one gets its room.</summary>
    public void Forget(TailBatch batch)
    {
        batch.Records.Clear();
        _spare.Push(batch);
    }

    /// <summary>Takes out the records of shipped batches that are committed now and that somebody waits for, in order.</summary>
    public IEnumerable<(TenantId Tenant, PendingRecord Record)> TakeCommittedShipped(ulong commitIndex)
    {
        while (_shipped.TryPeek(out var batch) && batch.Index <= commitIndex)
        {
            _shipped.Dequeue();
            foreach (var pending in batch.Awaited)
                yield return (batch.Tenant, pending);
        }
    }

    /// <summary>All that waits for a commit: in order of the own log, then what waits for other regions'.</summary>
    public IEnumerable<(WriteTry Tried, int Index)> Waiting =>
        _appended.Concat(_expected.Values).Concat(_dropped).SelectMany(WaitingFor).Concat(_shipped.SelectMany(batch => batch.Awaited).SelectMany(pending => pending.Waiting));

    private IEnumerable<(WriteTry Tried, int Index)> WaitingFor(TailBatch batch)
    {
        foreach (var (identity, tried, index) in batch.Records)
        {
            if (tried is not null)
                yield return (tried, index);
            foreach (var waiting in _pending[new TailKey(batch.Tenant, identity)].AskedFor?.Waiting ?? [])
                yield return waiting;
        }
    }

    private TailBatch ExpectedOf(TenantId tenant)
    {
        if (_expected.TryGetValue(tenant, out var batch))
            return batch;
        batch = _spare.TryPop(out var spare) ? spare : new TailBatch();
        batch.Tenant = tenant;
        _expected.Add(tenant, batch);
        return batch;
    }

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
        while (batch.TryRead(out var record))
        {
            clock.Observe(record.Hlc);
            if (isOwn)
                Stand(batch.Header.Tenant, record);
            if (isOwn && record.Identity.Operation != default)
                Expect(batch.Header.Tenant, record);
        }
        if (isOwn)
            Appended(batch.Header, envelope.Index);
        else
            AppendedShipped(batch.Header, envelope.Index, envelope.Payload);
    }

    private readonly record struct TailKey(TenantId Tenant, RecordIdentity Identity)
    {
        // One session after the other numbers its writes: neighbours fall apart.
        public override int GetHashCode() => (int)(unchecked((((Identity.Session.Number * 31) + Tenant.Number) * 0x9E3779B97F4A7C15UL) + Identity.Operation.Number) * 0x9E3779B97F4A7C15UL >> 32)
            ^ (int)Identity.Kind;
    }

    private record struct Pending(bool IsFirst)
    {
        public PendingRecord? AskedFor { get; set; }
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
            Awaited.Add(new PendingRecord(identity));
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

/// <summary>A record in the tail that was asked for again, and who waits for its commit beside the try that wrote it.</summary>
/// <param name="identity">What it is known by.</param>
internal sealed class PendingRecord(RecordIdentity identity)
{
    /// <summary>What it is known by.</summary>
    public RecordIdentity Identity { get; } = identity;

    /// <summary>The tries, and which of their records it is. Bounded by the tries that a primary takes in its epoch.</summary>
    public List<(WriteTry Tried, int Index)> Waiting { get; } = new(capacity: 1);
}

/// <summary>A batch of the region's own in the tail. Not safe for use by several threads.</summary>
internal sealed class TailBatch
{
    /// <summary>Whose.</summary>
    public TenantId Tenant { get; set; }

    /// <summary>Where it stands in the log.</summary>
    public ulong Index { get; set; }

    /// <summary>Its records that are known by an identity.</summary>
    public List<TailRecord> Records { get; } = [];
}

/// <summary>A record of the region's own in the tail.</summary>
/// <param name="Identity">What it is known by.</param>
/// <param name="Tried">The try that wrote it, and waits for its commit; null if none does.</param>
/// <param name="Index">Which of the try's records it is.</param>
internal readonly record struct TailRecord(RecordIdentity Identity, WriteTry? Tried, int Index);
