using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;

namespace Tidal.Hosting;

// Many signals in one call: they have a session of their own, whose calls take turns (WriteBatchCall says why).
public sealed partial class TidalClient
{
    private Task _lastBatch = Task.CompletedTask;
    private ClientSession? _batchSession;
    private int _batchesWaiting;

    private async Task<IReadOnlyList<WriteResult>> WriteAllAsync(LogRecord[] records)
    {
        var results = new WriteResult[records.Length];
        if (Interlocked.Increment(ref _batchesWaiting) > _options.WaitingMax)
        {
            Interlocked.Decrement(ref _batchesWaiting);
            Array.Fill(results, WriteResult.Refused(RefusalReason.Overloaded));
            return results;
        }
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await TakeTurn(turn).ConfigureAwait(false);
        try
        {
            for (var first = 0; first < records.Length; first += _options.BatchRecordsMax)
                await WriteInTurnAsync(records.AsMemory(first, Math.Min(_options.BatchRecordsMax, records.Length - first)), results.AsMemory(first)).ConfigureAwait(false);
            return results;
        }
        finally
        {
            Interlocked.Decrement(ref _batchesWaiting);
            turn.SetResult();
        }
    }

    private Task TakeTurn(TaskCompletionSource turn)
    {
        lock (_lock)
        {
            var before = _lastBatch;
            _lastBatch = turn.Task;
            return before;
        }
    }

    private async Task WriteInTurnAsync(ReadOnlyMemory<LogRecord> records, Memory<WriteResult> results)
    {
        _batchSession ??= new ClientSession((await OpenSessionAsync().ConfigureAwait(false)).Id);
        var numbered = Numbered(records.Span, _batchSession);
        WriteBatchCall? call = null;
        int[] places = [.. Enumerable.Range(0, records.Length)];
        for (var tries = 0; ; tries++)
        {
            var last = call;
            call = await CompleteAsync(completed => last is null
                ? new WriteBatchCall(numbered) { Tenant = Tenant, Token = Token, Completed = completed }
                : last.Retry(completed, Token)!).ConfigureAwait(false);
            places = Told(call, places, results.Span);
            if (places.Length == 0 || tries >= _options.RetriesMax || _cluster.IsClosing)
                return;
            Interlocked.Add(ref _retries, places.Length);
            await Task.Delay(_options.RetryPause, _cluster.Options.Clock).ConfigureAwait(false);
        }
    }

    private LogRecord[] Numbered(ReadOnlySpan<LogRecord> records, ClientSession session)
    {
        var numbered = records.ToArray();
        for (var place = 0; place < numbered.Length; place++)
            numbered[place] = numbered[place] with { Operation = session.NextOperation(Tenant, _cluster.Router.ShardOf(Tenant, numbered[place])) };
        return numbered;
    }

    /// <summary>Puts down how records ended.</summary>
    /// <returns>The places of those that a retry can make end otherwise.</returns>
    private int[] Told(WriteBatchCall call, int[] places, Span<WriteResult> results)
    {
        var retried = new List<int>();
        for (var index = 0; index < places.Length; index++)
        {
            var result = results[places[index]] = call.ResultOf(index);
            if (result.MayBeRetried)
                retried.Add(places[index]);
            if (result.Refusal is RefusalReason.SessionEnded or RefusalReason.SessionExhausted)
                _batchSession = null;
        }
        return [.. retried];
    }
}
