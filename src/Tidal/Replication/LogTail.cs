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
    private readonly Dictionary<(TenantId, OperationId), PendingOperation> _pending = [];
    private readonly Queue<(ulong Index, TenantId Tenant, OperationId Operation)> _byIndex = [];
    private readonly Dictionary<TenantId, ulong> _sessions = [];

    private readonly RegionId _region;

    /// <summary>Reads the end of a log.</summary>
    /// <param name="region">The region of the group: its operations are the ones that writes are held against.</param>
    /// <param name="state">What is committed.</param>
    /// <param name="log">The log.</param>
    /// <param name="clock">The replica's clock: stamps go on after those of the tail.</param>
    public LogTail(RegionId region, ShardState state, SegmentedLog log, HybridLogicalClock clock)
    {
        _region = region;
        foreach (var (tenant, replica) in state.Tenants)
        {
            foreach (var (originRegion, origin) in replica.Origins)
                _marks[(tenant, originRegion)] = origin.Mark;
        }
        for (var index = state.AppliedIndex + 1; index <= log.LastIndex; index++)
        {
            foreach (var envelope in log.Read(index, index, 1))
                Take(envelope, clock);
        }
    }

    /// <summary>How far an origin log goes.</summary>
    public OriginMark MarkOf(TenantId tenant, RegionId origin) => _marks.GetValueOrDefault((tenant, origin));

    /// <summary>The highest session number in the tail, of those this region opened.</summary>
    public ulong HighestSession(TenantId tenant) => _sessions.GetValueOrDefault(tenant);

    /// <summary>An operation that is in the tail and not yet committed, or null.</summary>
    public PendingOperation? Find(TenantId tenant, OperationId operation) => _pending.GetValueOrDefault((tenant, operation));

    /// <summary>Remembers an operation that is about to be appended.</summary>
    public PendingOperation Expect(TenantId tenant, in LogRecord record)
    {
        // A session's opening and end share an operation id: the first commit answers all who wait for it.
        if (!_pending.TryGetValue((tenant, record.Operation), out var pending))
            _pending.Add((tenant, record.Operation), pending = new PendingOperation());
        if (record.Kind == RecordKind.Session && record.Operation.Session.Region == _region)
            _sessions[tenant] = Math.Max(HighestSession(tenant), record.Operation.Session.Number);
        return pending;
    }

    /// <summary>Remembers that a batch was appended.</summary>
    public void Appended(in BatchHeader header, ulong index, IReadOnlyList<OperationId> operations)
    {
        Raise(header.Tenant, header.Origin.Region, OriginLog.MarkOf(header));
        foreach (var operation in operations)
            _byIndex.Enqueue((index, header.Tenant, operation));
    }

    /// <summary>A snapshot was committed: what the tail has up to its marks is passed over, and what comes next follows them.</summary>
    public void Raise(TenantId tenant, TenantReplica committed)
    {
        foreach (var (region, origin) in committed.Origins)
            Raise(tenant, region, origin.Mark);
    }

    /// <summary>Takes out the next operation that is committed now and not yet taken, in order.</summary>
    public bool TryTakeCommitted(ulong commitIndex, out OperationId operation, [MaybeNullWhen(false)] out PendingOperation pending)
    {
        while (_byIndex.TryPeek(out var next) && next.Index <= commitIndex)
        {
            _byIndex.Dequeue();
            operation = next.Operation;
            if (_pending.Remove((next.Tenant, next.Operation), out pending))
                return true;
        }
        (operation, pending) = (default, null);
        return false;
    }

    /// <summary>Everything that waits for a commit, in no particular order.</summary>
    public IEnumerable<PendingOperation> Pending => _pending.Values;

    // A batch that stands behind a snapshot which holds it leads no mark back.
    private void Raise(TenantId tenant, RegionId origin, OriginMark mark)
    {
        if (mark.Number > MarkOf(tenant, origin).Number)
            _marks[(tenant, origin)] = mark;
    }

    private void Take(Envelope envelope, HybridLogicalClock clock)
    {
        if (envelope.Kind != EnvelopeKind.Batch)
            return;
        var batch = BatchReader.Open(envelope.Payload);
        var operations = new List<OperationId>();
        while (batch.TryRead(out var record))
        {
            clock.Observe(record.Hlc);
            // Another region's operations are numbered, and known again, in that region's log.
            if (record.Operation == default || batch.Header.Origin.Region != _region)
                continue;
            Expect(batch.Header.Tenant, record);
            operations.Add(record.Operation);
        }
        Appended(batch.Header, envelope.Index, operations);
    }
}

/// <summary>An operation in the tail, and the tries that wait for its commit.</summary>
internal sealed class PendingOperation
{
    /// <summary>Who is to be told: a gateway and its try. Bounded by the tries that a primary takes in its epoch.</summary>
    public List<(Address Gateway, ulong Try)> Waiting { get; } = new(capacity: 1);
}
