using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;

namespace Tidal.Placement;

/// <summary>
/// Writes many records of a tenant, in whatever shards they lie: what a program does that takes in signals by the thousand. Each
/// record has an operation id of its own, is taken, refused or acknowledged by itself, and counts once, as if it had been sent
/// alone; the call is completed once each has its outcome. Those that are not acknowledged are tried again together
/// (<see cref="Retry"/>) or each by itself (<see cref="TryOf"/>), through the gateway of any region.
/// <para>
/// The numbers of a session's operations rise within a shard from record to record and from call to call, and the next call of a session is made
/// once the one before is completed: then no number is ever too old to be told (<see cref="IdempotencyStore.Window"/>), however many
/// records a call has. Who wants several calls under way at a time opens a session for each.
/// </para>
/// </summary>
public sealed class WriteBatchCall : ClientCall
{
    private OperationAttempts?[]? _attempts;
    private readonly List<WritePart> _parts = [];
    private LogRecord[] _records;
    private bool _isCopy;

    // Null, whole or in one place, for acknowledged: the usual outcome takes no room.
    private WriteResult?[]? _results;

    /// <summary>A call that writes records.</summary>
    /// <param name="records">At least one, and none that opens or ends a session. The array is the call's from here on: not to be read or changed by anybody else.</param>
    /// <exception cref="ArgumentException">There is no record.</exception>
    public WriteBatchCall(params LogRecord[] records)
        : this(records, null)
    {
    }

    private WriteBatchCall(LogRecord[] records, OperationAttempts?[]? attempts)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Length == 0)
            throw new ArgumentException("There is nothing to write.", nameof(records));
        (_records, _attempts) = (records, attempts);
    }

    /// <summary>What to write; the gateway sets cohorts, an undo's stamp and the attempt as with a <see cref="WriteCall"/>.</summary>
    public ReadOnlySpan<LogRecord> Records => _records;

    /// <summary>Whether every record was acknowledged, once completed.</summary>
    public bool IsAcknowledged => IsCompleted && _results is null;

    /// <summary>How many records were acknowledged, once completed.</summary>
    public int AcknowledgedCount => !IsCompleted ? 0 : _results is null ? _records.Length : _results.Count(static result => result is null);

    internal override int Load => _records.Length;

    /// <summary>How a record ended, once the call is completed.</summary>
    /// <param name="index">Which.</param>
    /// <exception cref="InvalidOperationException">The call is not completed.</exception>
    public WriteResult ResultOf(int index)
    {
        if (!IsCompleted)
            throw new InvalidOperationException("The call is not completed: its records have no outcome yet.");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_records.Length);
        return _results?[index] ?? WriteResult.Acknowledged;
    }

    /// <summary>The try of one record as it would be had the record been sent alone: completed, and to be retried alone.</summary>
    /// <param name="index">Which.</param>
    /// <exception cref="InvalidOperationException">The call is not completed.</exception>
    public WriteCall TryOf(int index)
    {
        var result = ResultOf(index);
        var tried = new WriteCall { Tenant = Tenant, Record = _records[index], Attempts = AttemptsOf(index), Token = TokenAfter ?? Token, Result = result };
        tried.Complete(HlcTimestamp.Zero);
        return tried;
    }

    /// <summary>The next try of all records that a retry can make end otherwise, in their order, for a gateway of any region.</summary>
    /// <param name="completed">Called once, when the outcomes are there; must not block.</param>
    /// <param name="token">What the session has seen by now; null for what this try had.</param>
    /// <returns>Null if there is no such record.</returns>
    public WriteBatchCall? Retry(Action<ClientCall>? completed = null, SessionToken? token = null)
    {
        var retried = Enumerable.Range(0, _results?.Length ?? 0).Where(index => _results![index]?.MayBeRetried == true).ToArray();
        return retried.Length == 0 ? null : new([.. retried.Select(index => _records[index])], [.. retried.Select(AttemptsOf)])
        {
            Tenant = Tenant,
            Token = token ?? TokenAfter ?? Token,
            Completed = completed,
        };
    }

    // What had been acknowledged by then is told as unknown too: that is never wrong, and a retry tells.
    private protected override bool TakeResult(WriteResult result)
    {
        _results ??= new WriteResult?[_records.Length];
        for (var index = 0; index < _results.Length; index++)
            _results[index] ??= result;
        return true;
    }

    internal LogRecord[] Taken => _records;

    /// <summary>Whether a record has an outcome other than acknowledged.</summary>
    internal bool IsRefused(int index) => _results?[index] is not null;

    /// <summary>Whether a record may be in a log already.</summary>
    internal bool MayCount(int index) => _attempts?[index]?.MayCount == true;

    /// <summary>The records of a part, those that were tried before with what came of it.</summary>
    internal WritePart PartOf(RecordSelection records)
    {
        var part = _attempts is null && HaveNoAttempt(records)
            ? new WritePart(records, new OperationAttempts())
            : new WritePart(records, [.. Enumerable.Range(0, records.Count).Select(index => AttemptsBefore(records.PlaceOf(index)))]);
        _parts.Add(part);
        return part;
    }

    /// <summary>Records have their outcome.</summary>
    internal void Ended(WritePart part, RecordSelection records, WriteResult result)
    {
        if (!_parts.Contains(part))
            _parts.Add(part);
        TakeBack(records);
        for (var index = 0; result.Outcome != WriteOutcomeKind.Acknowledged && index < records.Count; index++)
            Ended(records.PlaceOf(index), result);
    }

    /// <summary>A record has its outcome.</summary>
    internal void Ended(int index, WriteResult result)
    {
        if (result.Outcome != WriteOutcomeKind.Acknowledged)
            (_results ??= new WriteResult?[_records.Length])[index] = result;
    }

    private static bool HaveNoAttempt(RecordSelection records)
    {
        for (var index = 0; index < records.Count; index++)
        {
            if (records[index].Attempt != 0)
                return false;
        }
        return true;
    }

    // The part that it went on in last says most.
    private OperationAttempts AttemptsOf(int place)
    {
        for (var last = _parts.Count - 1; last >= 0; last--)
        {
            if (_parts[last].Records.IndexOf(place) is var index and >= 0)
                return _parts[last].AttemptsOf(index)!;
        }
        return AttemptsBefore(place);
    }

    private OperationAttempts AttemptsBefore(int place) =>
        (_attempts ??= new OperationAttempts?[_records.Length])[place] ??= new OperationAttempts(_records[place].Attempt);

    /// <summary>Takes over the attempts that records were sent with. What was sent is not changed: the first time the array is copied.</summary>
    private void TakeBack(RecordSelection records)
    {
        for (var index = 0; index < records.Count; index++)
        {
            var place = records.PlaceOf(index);
            if (records[index].Attempt == _records[place].Attempt)
                continue;
            if (!_isCopy)
                (_records, _isCopy) = ([.. _records], true);
            _records[place] = records[index];
        }
    }
}
