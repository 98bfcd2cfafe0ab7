using System.Runtime.InteropServices;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// What a watch keeps of one shard's group in a region: its committed log, and which operations are in it. Each record is read
/// once, when the first replica commits it; the others must commit the same bytes. Not safe for use by several threads.
/// </summary>
internal sealed class WatchedGroup
{
    private readonly record struct OperationKey(TenantId Tenant, OperationId Operation, bool IsRetraction);

    /// <summary>In which origins' logs an operation stands, and in which of them as a first attempt: a bit for each region.</summary>
    private struct Standing
    {
        public ulong Origins;
        public ulong FirstAttempts;
        public LogPlace Place;
    }

    private readonly List<(ulong Epoch, int Checksum)> _committed = [];
    private readonly Dictionary<OperationKey, Standing> _operations = [];
    private readonly Dictionary<ulong, ReplicaId> _acknowledging = [];
    private readonly Dictionary<TenantId, LogPlace> _lastSnapshots = [];

    /// <summary>The last record of the log that was acknowledged, or null: it stands for all before it.</summary>
    public LogPlace? LastAcknowledged { get; private set; }

    /// <summary>The end of the last snapshot of a tenant from another region in the log, or null: it stands for operations that are in no batch of it.</summary>
    public LogPlace? LastSnapshot(TenantId tenant) => _lastSnapshots.TryGetValue(tenant, out var place) ? place : null;

    /// <summary>Takes a record that a replica has committed.</summary>
    /// <returns>What is wrong with it, and by which invariant, or null.</returns>
    public (int Invariant, string Text)? Take(in Envelope envelope)
    {
        var committed = (envelope.GroupEpoch, envelope.GetHashCode());
        if (envelope.Index <= (ulong)_committed.Count)
        {
            var (epoch, checksum) = _committed[(int)envelope.Index - 1];
            return (epoch, checksum) == committed || (epoch, checksum) == default
                ? null
                : (1, $"it commits {envelope}, and its group has committed another record of epoch {epoch} there");
        }
        // What a checkpoint stands for was never seen here.
        while ((ulong)_committed.Count + 1 < envelope.Index)
            _committed.Add(default);
        _committed.Add(committed);
        if (envelope.Kind == EnvelopeKind.Batch)
            return TakeBatch(envelope);
        TakeControl(ControlRecord.Decode(envelope.Payload), new LogPlace(envelope.Index, envelope.GroupEpoch));
        return null;
    }

    /// <summary>Where an operation or its retraction stands in the committed log, or null.</summary>
    public LogPlace? Find(TenantId tenant, OperationId operation)
    {
        foreach (var isRetraction in (ReadOnlySpan<bool>)[false, true])
        {
            if (_operations.TryGetValue(new OperationKey(tenant, operation, isRetraction), out var standing) && standing.Origins != 0)
                return standing.Place;
        }
        return null;
    }

    /// <summary>Whether an operation or its retraction stands, or stood before its tenant was erased, in the committed log.</summary>
    public bool HasHeld(TenantId tenant, OperationId operation) =>
        _operations.ContainsKey(new OperationKey(tenant, operation, false)) || _operations.ContainsKey(new OperationKey(tenant, operation, true));

    /// <summary>Remembers that a record was acknowledged.</summary>
    public void Acknowledged(LogPlace record)
    {
        if (LastAcknowledged is not { } last || record.Index > last.Index)
            LastAcknowledged = record;
    }

    /// <summary>Whether nobody else has acknowledged in an epoch.</summary>
    public bool AcknowledgesAlone(ulong epoch, ReplicaId replica)
    {
        if (_acknowledging.TryAdd(epoch, replica))
            return true;
        return _acknowledging[epoch] == replica;
    }

    private void TakeControl(in ControlRecord control, LogPlace place)
    {
        if (control.Kind == ControlKind.Snapshot && control.ChunkNumber + 1 == control.ChunkCount)
            _lastSnapshots[control.Tenant] = place;
        if (control.Kind == ControlKind.Erase)
            Forget(control.Tenant);
    }

    /// <summary>A tenant is erased: should its region hold it again, its logs come again from their beginning.</summary>
    private void Forget(TenantId tenant)
    {
        foreach (var key in _operations.Keys.Where(key => key.Tenant == tenant).ToList())
            _operations[key] = default;
        _lastSnapshots.Remove(tenant);
    }

    private (int, string)? TakeBatch(in Envelope envelope)
    {
        (int, string)? problem = null;
        var batch = BatchReader.Open(envelope.Payload);
        var place = new LogPlace(envelope.Index, envelope.GroupEpoch);
        while (batch.TryRead(out var record))
            problem = Count(batch.Header, record, place) ?? problem;
        return problem;
    }

    private (int, string)? Count(in BatchHeader header, in LogRecord record, LogPlace place)
    {
        var isRetraction = record.Kind == RecordKind.Retraction;
        var operation = isRetraction ? record.Retracts : record.Operation;
        if (operation.IsNone || record.Kind == RecordKind.Session)
            return null;
        ref var standing = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _operations, new OperationKey(header.Tenant, operation, isRetraction), out _);
        var origin = 1UL << header.Origin.Region.Ordinal;
        (int, string)? problem = null;
        if ((standing.Origins & origin) != 0)
            problem = (3, $"{record.Kind} {operation} stands twice in the log of {header.Origin.Region}, now at {place}");
        else if (record.Attempt == 0 && standing.FirstAttempts != 0)
            problem = (3, $"{record.Kind} {operation} is a first attempt in the log of {header.Origin.Region} and in another's");
        if (standing.Origins == 0)
            standing.Place = place;
        standing.Origins |= origin;
        standing.FirstAttempts |= record.Attempt == 0 ? origin : 0;
        return problem;
    }
}
