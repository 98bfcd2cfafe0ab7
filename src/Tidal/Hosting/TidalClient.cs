using System.Runtime.ExceptionServices;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A client of one tenant in a region of a cluster, with a session of its own that is opened with its first write. A write is
/// retried under its operation id, so that it counts once, until it is acknowledged, no retry would help, or the options say that
/// it was tried often enough. Safe for use by several threads; what awaits a task never runs on a thread of the cluster.
/// </summary>
public sealed partial class TidalClient
{
    private readonly TidalCluster _cluster;
    private readonly TidalClientOptions _options;
    private readonly SignalSchema _schema;
    private readonly Lock _lock = new();
    private Task<WriteWindow>? _session;
    private SessionToken? _token;
    private long _retries;

    internal TidalClient(TidalCluster cluster, RegionId region, TenantId tenant, TidalClientOptions options)
    {
        (_cluster, Region, Tenant, _options) = (cluster, region, tenant, options);
        _schema = cluster.SchemaOf(tenant);
    }

    /// <summary>The region whose gateway it talks to.</summary>
    public RegionId Region { get; }

    /// <summary>Whose data it reads and writes.</summary>
    public TenantId Tenant { get; }

    /// <summary>
    /// What the user's session has seen: carried by every call and kept up to date, so that no region shows the user less. Null, as at
    /// first, for calls outside of any session; set it to <see cref="SessionToken.Empty"/>, or to the token of another region's client.
    /// </summary>
    public SessionToken? Token
    {
        get
        {
            lock (_lock)
                return _token;
        }
        set
        {
            lock (_lock)
                _token = value;
        }
    }

    /// <summary>What its reads do where the region does not hold yet what the session has seen.</summary>
    public BehindSession WhenBehind { get; set; }

    /// <summary>Tries of writes that were made again.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Writes an item's record: from then on the item is listed.</summary>
    /// <param name="item">The item.</param>
    /// <param name="attributes">Attributes, for filters; null for none.</param>
    /// <param name="cancellation">Ends the wait, not the write: what was sent may be counted.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged; its result says whether it was refused or its outcome is unknown.</exception>
    public Task PutItemAsync(string item, IReadOnlyDictionary<string, string>? attributes = null, CancellationToken cancellation = default) =>
        MustWriteAsync(LogRecord.ForItem(default, default, NowMilliseconds, new ItemId(item), default, AttributeValue.AllOf(attributes)), cancellation);

    /// <summary>Sets attributes of a user: those that the schema names as cohorts decide where the user's later signals count.</summary>
    /// <param name="user">The user.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task SetUserAsync(string user, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellation = default) =>
        MustWriteAsync(LogRecord.ForUser(default, default, NowMilliseconds, new UserId(user), AttributeValue.AllOf(attributes)), cancellation);

    /// <summary>Writes a signal.</summary>
    /// <param name="user">Whose signal.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="item">What it is for.</param>
    /// <param name="happenedAt">When it happened; null for now.</param>
    /// <param name="weight">Its weight, finite and not negative.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task SignalAsync(
        string user, string signal, string item, DateTimeOffset? happenedAt = null, double weight = 1, CancellationToken cancellation = default) =>
        MustWriteAsync(RecordOf(new SignalToWrite(user, signal, item, happenedAt, weight)), cancellation);

    /// <summary>Writes many signals, each with its own outcome.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="cancellation">Ends the wait, not the writes.</param>
    /// <returns>How each ended, in order.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type; nothing was written.</exception>
    public Task<IReadOnlyList<WriteResult>> SignalsAsync(IReadOnlyList<SignalToWrite> signals, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return WriteAllAsync([.. signals.Select(RecordOf)]).WaitAsync(cancellation);
    }

    /// <summary>Hides, mutes or blocks an item, or a creator with all items of that attribute <c>creator</c>.</summary>
    /// <param name="user">Who does not want to see it.</param>
    /// <param name="target">The item's or creator's id.</param>
    /// <param name="kind">In which of three ways; each is undone on its own.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task HideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item, CancellationToken cancellation = default) =>
        MustWriteAsync(LogRecord.HardNegative(default, default, NowMilliseconds, new UserId(user), target, targetKind, kind), cancellation);

    /// <summary>Undoes a hide, mute or block.</summary>
    /// <param name="user">Who wants to see it again.</param>
    /// <param name="target">The item's or creator's id.</param>
    /// <param name="kind">Which of the three ways is undone.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task UndoHideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item, CancellationToken cancellation = default) =>
        MustWriteAsync(LogRecord.HardNegative(default, default, NowMilliseconds, new UserId(user), target, targetKind, kind, isUndo: true), cancellation);

    /// <summary>Writes a record; one without an operation id gets the session's next.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <returns>The last try, completed: its result says how it ended, and it is what another region would retry.</returns>
    public Task<WriteCall> WriteAsync(LogRecord record, CancellationToken cancellation = default) =>
        NumberAndWriteAsync(record).WaitAsync(cancellation);

    /// <summary>Asks a query.</summary>
    /// <param name="query">The query: <c>RETRIEVE items …</c>.</param>
    /// <param name="readTime">At which time scores are read; null for now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QueryException">The query is wrong; the message shows where.</exception>
    public async Task<QueryAnswer> RetrieveAsync(string query, DateTimeOffset? readTime = null, CancellationToken cancellation = default)
    {
        var call = await CompleteAsync(
            completed => new QueryCall
            {
                Tenant = Tenant,
                Query = RetrieveParser.Parse(query),
                ReadTimeMilliseconds = readTime?.ToUnixTimeMilliseconds(),
                Token = Token,
                WhenBehind = WhenBehind,
                Completed = completed,
            }).WaitAsync(cancellation).ConfigureAwait(false);
        return call.Result!;
    }

    /// <summary>Reads the decay score and count of an item's signals of one type.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="readTime">At which time; null for now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer; null when no primary answered in time, or none that holds what the session has seen.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public async Task<ScoreResult?> ReadScoreAsync(
        string item, string signal, DateTimeOffset? readTime = null, CancellationToken cancellation = default)
    {
        var call = await CompleteAsync(
            completed => new ScoreCall
            {
                Tenant = Tenant,
                Item = new ItemId(item),
                Signal = _schema.Signal(signal).Id,
                ReadTimeMilliseconds = readTime?.ToUnixTimeMilliseconds(),
                Token = Token,
                WhenBehind = WhenBehind,
                Completed = completed,
            }).WaitAsync(cancellation).ConfigureAwait(false);
        return call.Result;
    }

    private long NowMilliseconds => _cluster.Now.ToUnixTimeMilliseconds();

    private LogRecord RecordOf(SignalToWrite signal) => signal.ToRecord(_schema.Signal(signal.Signal).Id, NowMilliseconds);

    private async Task MustWriteAsync(LogRecord record, CancellationToken cancellation)
    {
        var call = await WriteAsync(record, cancellation).ConfigureAwait(false);
        if (call.Result!.Outcome != WriteOutcomeKind.Acknowledged)
            throw new WriteRefusedException(call.Result);
    }

    private async Task<WriteCall> NumberAndWriteAsync(LogRecord record)
    {
        if (!record.Operation.IsNone || record.Kind is RecordKind.Session or RecordKind.Retraction)
            return await RetryAsync(record).ConfigureAwait(false);
        var session = await SessionAsync().ConfigureAwait(false);
        var shard = _cluster.Router.ShardOf(Tenant, record);
        var operation = await session.TakeAsync(shard).ConfigureAwait(false);
        try
        {
            return await RetryAsync(record with { Operation = operation }).ConfigureAwait(false);
        }
        finally
        {
            session.Ended(shard, operation);
        }
    }

    private async Task<WriteCall> RetryAsync(LogRecord record)
    {
        var made = new WriteCall { Tenant = Tenant, Record = record, Token = Token };
        for (var tries = 0; ; tries++)
        {
            var last = made;
            made = await CompleteAsync(completed => last.Retry(completed, Token)).ConfigureAwait(false);
            NoteRefusal(made);
            if (!made.Result!.MayBeRetried || tries >= _options.RetriesMax || _cluster.IsClosing)
                return made;
            Interlocked.Increment(ref _retries);
            await Task.Delay(made.Result.Quota?.RetryAfter ?? _options.RetryPause, _cluster.Options.Clock).ConfigureAwait(false);
        }
    }

    // What is written from now on opens a new session; an operation that was tried keeps its own.
    private void NoteRefusal(WriteCall call)
    {
        if (call.Result!.Refusal is not (RefusalReason.SessionEnded or RefusalReason.SessionExhausted))
            return;
        lock (_lock)
        {
            if (_session is { IsCompletedSuccessfully: true } session && session.Result.Id == call.Record.Identity.Session)
                _session = null;
        }
    }

    private Task<WriteWindow> SessionAsync()
    {
        lock (_lock)
        {
            // One that could not be opened is tried again by the next write.
            if (_session is null or { IsFaulted: true } or { IsCanceled: true })
                _session = OpenSessionAsync();
            return _session;
        }
    }

    private async Task<WriteWindow> OpenSessionAsync()
    {
        var call = await RetryAsync(LogRecord.ForSession(default, default, NowMilliseconds, SessionAction.Open)).ConfigureAwait(false);
        return call.Result!.Outcome == WriteOutcomeKind.Acknowledged
            ? new WriteWindow(call.Result.Session, _cluster.Topology.ShardCount, _options.WaitingMax)
            : throw new WriteRefusedException(call.Result);
    }

    // The caller goes on on a thread of its own: the gateway's must not be kept.
    private async Task<T> CompleteAsync<T>(Func<Action<ClientCall>, T> make)
        where T : ClientCall
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = make(_ => done.SetResult());
        _cluster.Begin(Region, call);
        await done.Task.ConfigureAwait(false);
        if (call.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        Saw(call);
        return call;
    }

    private void Saw(ClientCall call)
    {
        lock (_lock)
        {
            if (_token is { } token && call.TokenAfter is { } after)
                _token = token.Merge(after);
        }
    }
}
