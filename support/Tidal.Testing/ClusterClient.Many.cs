using Tidal.Log;
using Tidal.Placement;

namespace Tidal.Testing;

// Many records in one call.
public sealed partial class ClusterClient
{
    /// <summary>Makes one try of many writes, in one call; each without an operation id gets the session's next.</summary>
    /// <param name="records">The writes; none opens or ends a session.</param>
    /// <returns>The call, completed.</returns>
    public async Task<WriteBatchCall> TryWriteAsync(IReadOnlyList<LogRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var session = await SessionAsync().ConfigureAwait(false);
        LogRecord[] numbered = [.. records.Select(record => record.Operation.IsNone && record.Kind != RecordKind.Retraction
            ? record with { Operation = session.NextOperation(Tenant, ShardOf(record)) }
            : record)];
        var done = new TaskCompletionSource();
        return await CompleteAsync(new WriteBatchCall(numbered) { Tenant = Tenant, Token = Token, Completed = _ => _cluster.GoOn(done) }, done).ConfigureAwait(false);
    }

    /// <summary>Makes the next try, through this client's region and in one call, of those writes of a call that a retry can make end otherwise.</summary>
    /// <param name="call">A try of them, by any client of the cluster.</param>
    /// <returns>The call, completed; null if there is no such write.</returns>
    public async Task<WriteBatchCall?> TryAgainAsync(WriteBatchCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var done = new TaskCompletionSource();
        if (call.Retry(_ => _cluster.GoOn(done), Token) is not { } retry)
            return null;
        Retries += retry.Records.Length;
        return await CompleteAsync(retry, done).ConfigureAwait(false);
    }

    /// <summary>Writes in one call, and retries in one what is not acknowledged, until it is or no retry would help.</summary>
    /// <param name="records">The writes.</param>
    /// <param name="pause">How long to wait before each retry.</param>
    /// <returns>The calls, in order: the first with all writes, each next one with those retried.</returns>
    public async Task<IReadOnlyList<WriteBatchCall>> WriteAsync(IReadOnlyList<LogRecord> records, TimeSpan pause)
    {
        var calls = new List<WriteBatchCall>();
        for (var call = await TryWriteAsync(records).ConfigureAwait(false); call is not null; call = await TryAgainAsync(call).ConfigureAwait(false))
        {
            calls.Add(call);
            if (!call.IsAcknowledged)
                await _cluster.Delay(pause).ConfigureAwait(false);
        }
        return calls;
    }

    private async Task<WriteBatchCall> CompleteAsync(WriteBatchCall call, TaskCompletionSource done)
    {
        Begin(call);
        await done.Task.ConfigureAwait(false);
        Saw(call);
        for (var index = 0; index < call.Records.Length; index++)
            Tell(call.TryOf(index));
        return call;
    }
}
