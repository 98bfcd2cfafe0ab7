using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing;

/// <summary>
/// A client of one tenant in a region of a cluster, with one session. Its tasks complete as time passes: let it pass
/// with <see cref="ClusterUnderTest.Await{T}"/>. Not safe for use by several threads.
/// </summary>
public sealed partial class ClusterClient
{
    private readonly ClusterUnderTest _cluster;
    private readonly Queue<TaskCompletionSource<ClientSession>> _waitingForSession = [];
    private ClientSession? _session;

    internal ClusterClient(ClusterUnderTest cluster, RegionId region, TenantId tenant)
    {
        _cluster = cluster;
        Region = region;
        Tenant = tenant;
    }

    /// <summary>The region whose gateway it talks to.</summary>
    public RegionId Region { get; }

    /// <summary>Whose data it reads and writes.</summary>
    public TenantId Tenant { get; }

    /// <summary>Tries of writes that were made again, because the one before was refused or its outcome unknown.</summary>
    public long Retries { get; private set; }

    /// <summary>What the user's session has seen: carried by every call and kept up to date. Null for calls outside of any session.</summary>
    public SessionToken? Token { get; set; }

    /// <summary>What its reads do where a region does not hold yet what the session has seen.</summary>
    public BehindSession WhenBehind { get; set; }

    /// <summary>Told of each outcome, with the operation and what the client was told.</summary>
    public event Action<LogRecord, WriteResult>? Told;

    /// <summary>Makes one try of a write; a record without an operation id gets the session's next.</summary>
    /// <param name="record">The write.</param>
    /// <returns>The call, completed: its <see cref="WriteCall.Record"/> is what a retry sends.</returns>
    public async Task<WriteCall> TryWriteAsync(LogRecord record)
    {
        if (record.Operation.IsNone && record.Kind is not (RecordKind.Session or RecordKind.Retraction))
            record = record with { Operation = (await SessionAsync().ConfigureAwait(false)).NextOperation(Tenant, ShardOf(record)) };
        return await CompleteAsync(new WriteCall { Tenant = Tenant, Record = record, Token = Token }).ConfigureAwait(false);
    }

    /// <summary>Makes the next try of a write through this client's region, wherever it was tried before.</summary>
    /// <param name="call">A try of it, by any client of the cluster.</param>
    /// <returns>The call, completed.</returns>
    public Task<WriteCall> TryAgainAsync(WriteCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Retries++;
        return CompleteAsync(call);
    }

    /// <summary>Writes, and retries under the same operation id until the write is acknowledged or no retry would help.</summary>
    /// <param name="record">The write.</param>
    /// <param name="pause">How long to wait before each retry.</param>
    /// <returns>The last try.</returns>
    public async Task<WriteCall> WriteAsync(LogRecord record, TimeSpan pause) =>
        await RetryAsync(await TryWriteAsync(record).ConfigureAwait(false), pause).ConfigureAwait(false);

    /// <summary>Retries a write through this client's region until it is acknowledged or no retry would help.</summary>
    /// <param name="call">Its last try, by any client of the cluster.</param>
    /// <param name="pause">How long to wait before each retry, unless it is told for how long.</param>
    /// <returns>The last try.</returns>
    public async Task<WriteCall> RetryAsync(WriteCall call, TimeSpan pause)
    {
        ArgumentNullException.ThrowIfNull(call);
        while (call.Result!.MayBeRetried)
        {
            await _cluster.Delay(call.Result.Quota?.RetryAfter ?? pause).ConfigureAwait(false);
            call = await TryAgainAsync(call).ConfigureAwait(false);
        }
        return call;
    }

    /// <summary>Ends the client's session in its region, and waits for its outcome; the next write opens another.</summary>
    public async Task<WriteResult> EndSessionAsync()
    {
        var session = await SessionAsync().ConfigureAwait(false);
        var done = new TaskCompletionSource();
        var call = new EndSessionCall { Tenant = Tenant, Session = session.Id, Completed = _ => _cluster.GoOn(done) };
        Begin(call);
        await done.Task.ConfigureAwait(false);
        _session = null;
        return call.Result!;
    }

    /// <summary>Asks a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="readTime">At which time scores are read; null for now. A query with a cursor is read at the cursor's.</param>
    /// <exception cref="QueryException">The query is wrong.</exception>
    public async Task<QueryAnswer> QueryAsync(string text, DateTimeOffset? readTime = null)
    {
        var done = new TaskCompletionSource();
        var call = new QueryCall
        {
            Tenant = Tenant,
            Query = RetrieveParser.Parse(text),
            Token = Token,
            WhenBehind = WhenBehind,
            ReadTimeMilliseconds = readTime?.ToUnixTimeMilliseconds(),
            Completed = _ => _cluster.GoOn(done),
        };
        var asked = _cluster.Leaks.OnAsked(Tenant, call.Query, Region);
        Begin(call);
        await done.Task.ConfigureAwait(false);
        Saw(call);
        _cluster.Leaks.OnAnswer(asked, call.Result!);
        return call.Result!;
    }

    /// <summary>Reads the decay score and count of an item's signals of one type.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="readTime">At which time the score is read.</param>
    /// <returns>The answer; null when no primary answered in time.</returns>
    public async Task<ScoreResult?> ReadScoreAsync(ItemId item, string signal, DateTimeOffset readTime)
    {
        var done = new TaskCompletionSource();
        var call = new ScoreCall
        {
            Tenant = Tenant,
            Item = item,
            Signal = _cluster.SchemaOf(Tenant).Signal(signal).Id,
            ReadTimeMilliseconds = readTime.ToUnixTimeMilliseconds(),
            Token = Token,
            WhenBehind = WhenBehind,
            Completed = _ => _cluster.GoOn(done),
        };
        Begin(call);
        await done.Task.ConfigureAwait(false);
        Saw(call);
        return call.Result;
    }

    /// <summary>Reads the cohorts of a user.</summary>
    /// <param name="user">The user.</param>
    /// <returns>The answer; null when no primary answered in time.</returns>
    public async Task<IReadOnlyList<CohortScope>?> ReadCohortsAsync(UserId user)
    {
        var done = new TaskCompletionSource();
        var call = new CohortCall { Tenant = Tenant, User = user, Completed = _ => _cluster.GoOn(done) };
        Begin(call);
        await done.Task.ConfigureAwait(false);
        return call.Result;
    }

    private async Task<WriteCall> CompleteAsync(WriteCall made)
    {
        var done = new TaskCompletionSource();
        // A call that was made has no one to tell yet, and is tried by its copy like every later one.
        var call = made.Retry(_ => _cluster.GoOn(done), Token);
        Begin(call);
        await done.Task.ConfigureAwait(false);
        Saw(call);
        Tell(call);
        return call;
    }

    private void Tell(WriteCall call)
    {
        // A new session for what is written from now on: an operation that was tried keeps its own.
        if (call.Result!.Refusal is RefusalReason.SessionEnded or RefusalReason.SessionExhausted && call.Record.Identity.Session == _session?.Id)
            _session = null;
        _cluster.Remember(this, call);
        Told?.Invoke(call.Record, call.Result!);
    }

    // Several calls may be under way at a time.
    private void Saw(ClientCall call)
    {
        _cluster.Answered(this, call);
        if (Token is { } token && call.TokenAfter is { } after)
            Token = token.Merge(after);
    }

    private void Begin(ClientCall call) => _cluster.Begin(Region, call);

    private ShardId ShardOf(in LogRecord record) => _cluster.Router.ShardOf(Tenant, record);

    // A task of its own for everyone who waits: of several continuations of one task the runtime hands all but one to other
    // threads, and the order of what happens would not be a function of the seed any more.
    private Task<ClientSession> SessionAsync()
    {
        if (_session is not null)
            return Task.FromResult(_session);
        var waiter = new TaskCompletionSource<ClientSession>();
        _waitingForSession.Enqueue(waiter);
        if (_waitingForSession.Count == 1)
            _ = OpenSessionAsync();
        return waiter.Task;
    }

    private async Task OpenSessionAsync()
    {
        var open = LogRecord.ForSession(default, default, _cluster.Now.ToUnixTimeMilliseconds(), SessionAction.Open);
        var call = await WriteAsync(open, TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        _session = new ClientSession(call.Result!.Session);
        while (_waitingForSession.TryDequeue(out var waiter))
            waiter.SetResult(_session);
    }
}
