using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal;

/// <summary>
/// A signal database inside one process: one region, one shard, one replica, on a directory or in memory. It is the same gateway and
/// the same replica that a cluster runs, driven to the end of each call.
/// <para>
/// A write is on the disk when it returns: reopening the directory has all of them, however the process ended. Safe for use by several
/// threads: calls take their turn, and those that wait at the same time are carried out together, with one flush for all of them.
/// </para>
/// <para>
/// Once the disk has failed every call ends with that failure, until the directory is opened again. Disposing it ends it: a directory
/// is free for the next, what it held in memory is gone.
/// </para>
/// </summary>
public sealed class TidalDb : IDisposable, IAsyncDisposable
{
    /// <summary>So many calls share a flush, fewer than a session may have outstanding.</summary>
    internal const int CallsTogetherMax = 32;

    private readonly Lock _lock = new();
    private readonly Queue<EmbeddedCall> _queue = new();
    private readonly List<EmbeddedCall> _together = [];
    private readonly EmbeddedNode _node;
    private readonly SignalSchema _schema;
    private readonly TenantId _tenant;
    private LogStoreException? _failure;
    private bool _isCarrying;
    private bool _isDisposed;

    private TidalDb(SignalSchema schema, TidalDbOptions options)
    {
        _schema = schema;
        _tenant = options.Imports?.Tenant ?? TenantId.First;
        _node = new EmbeddedNode(schema, options);
    }

    /// <summary>Opens a database: the one that its directory holds, or an empty one.</summary>
    /// <param name="schema">What it counts. Of a directory that holds a database: what it counted from the beginning, but for weights and velocities.</param>
    /// <param name="options">Its options.</param>
    /// <exception cref="LogStoreException">The directory is open already, or cannot be read or made.</exception>
    /// <exception cref="StoreMismatchException">It holds a database with another schema, or something else.</exception>
    /// <exception cref="LogDamagedException">What it holds was damaged, other than by a crash in the middle of a write.</exception>
    public static TidalDb Open(SignalSchema schema, TidalDbOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new TidalDb(schema, options ?? new TidalDbOptions());
    }

    /// <summary>Writes an item's record: from then on the item is listed. Attributes given before keep their values unless written again.</summary>
    /// <param name="item">The item.</param>
    /// <param name="attributes">Attributes, for filters; null for none.</param>
    /// <param name="cancellation">Taken into account before the write begins.</param>
    /// <exception cref="WriteRefusedException">The write cannot be accepted; the message says why.</exception>
    public ValueTask PutItemAsync(
        string item, IReadOnlyDictionary<string, string>? attributes = null, CancellationToken cancellation = default) =>
        Write(now => LogRecord.ForItem(default, default, now, new ItemId(item), default, AttributeValue.AllOf(attributes)), cancellation);

    /// <summary>Sets attributes of a user: those that the schema names as cohorts decide where the user's later signals count.</summary>
    /// <param name="user">The user.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="cancellation">Taken into account before the write begins.</param>
    /// <exception cref="WriteRefusedException">The write cannot be accepted; the message says why.</exception>
    public ValueTask SetUserAsync(
        string user, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellation = default) =>
        Write(now => LogRecord.ForUser(default, default, now, new UserId(user), AttributeValue.AllOf(attributes)), cancellation);

    /// <summary>Writes a signal.</summary>
    /// <param name="user">Whose signal.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="item">What it is for.</param>
    /// <param name="happenedAt">When it happened; null for now. At most 5 minutes ahead.</param>
    /// <param name="weight">Its weight, finite and not negative.</param>
    /// <param name="cancellation">Taken into account before the write begins.</param>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    /// <exception cref="WriteRefusedException">The write cannot be accepted; the message says why.</exception>
    public ValueTask SignalAsync(
        string user, string signal, string item, DateTimeOffset? happenedAt = null, double weight = 1,
        CancellationToken cancellation = default)
    {
        var type = _schema.Signal(signal).Id;
        return Write(now => new SignalToWrite(user, signal, item, happenedAt, weight).ToRecord(type, now), cancellation);
    }

    /// <summary>Writes many signals at once, for a fraction of what each costs by itself; each is taken or refused by itself, too.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="cancellation">Taken into account before each few thousand of them: those before are written.</param>
    /// <returns>How each ended, in order.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type; nothing was written.</exception>
    public ValueTask<IReadOnlyList<WriteResult>> SignalsAsync(IReadOnlyList<SignalToWrite> signals, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var (results, types) = (new WriteResult[signals.Count], signals.Select(signal => _schema.Signal(signal.Signal).Id).ToArray());
        for (var written = 0; written < results.Length; written += EmbeddedNode.RecordsPerCallMax)
        {
            cancellation.ThrowIfCancellationRequested();
            Write(signals, types, written, results.AsSpan(written, Math.Min(EmbeddedNode.RecordsPerCallMax, results.Length - written)));
        }
        return ValueTask.FromResult<IReadOnlyList<WriteResult>>(results);
    }

    /// <summary>Hides, mutes or blocks an item, or a creator with all items of that attribute <c>creator</c>: queries for the user never list them again.</summary>
    /// <param name="user">Who does not want to see it.</param>
    /// <param name="target">The item's or creator's id, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="kind">In which of three ways; each is undone on its own.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Taken into account before the write begins.</param>
    /// <exception cref="WriteRefusedException">The write cannot be accepted; the message says why.</exception>
    public ValueTask HideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item,
        CancellationToken cancellation = default) =>
        Write(now => LogRecord.HardNegative(default, default, now, new UserId(user), target, targetKind, kind), cancellation);

    /// <summary>Undoes a hide, mute or block. What was hidden in another way too, or is by a creator who is, stays hidden.</summary>
    /// <param name="user">Who wants to see it again.</param>
    /// <param name="target">The item's or creator's id.</param>
    /// <param name="kind">Which of the three ways is undone.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Taken into account before the write begins.</param>
    /// <exception cref="WriteRefusedException">The write cannot be accepted; the message says why.</exception>
    public ValueTask UndoHideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item,
        CancellationToken cancellation = default) =>
        Write(now => LogRecord.HardNegative(default, default, now, new UserId(user), target, targetKind, kind, isUndo: true), cancellation);

    /// <summary>Asks a query.</summary>
    /// <param name="query">The query: <c>RETRIEVE items …</c>.</param>
    /// <param name="readTime">At which time scores are read; null for now. A query with a cursor is read at the cursor's.</param>
    /// <param name="cancellation">Taken into account before the query is asked.</param>
    /// <exception cref="QueryException">The query is wrong; the message shows where.</exception>
    public ValueTask<QueryAnswer> RetrieveAsync(
        string query, DateTimeOffset? readTime = null, CancellationToken cancellation = default)
    {
        var call = new QueryCall { Tenant = _tenant, Query = RetrieveParser.Parse(query), ReadTimeMilliseconds = readTime?.ToUnixTimeMilliseconds() };
        Carry(call, cancellation);
        return ValueTask.FromResult(call.Result!);
    }

    /// <summary>Reads the decay score of an item's signals of one type.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="readTime">At which time; null for now.</param>
    /// <returns>The score; 0 when nothing was counted.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public double ReadDecayScore(string item, string signal, DateTimeOffset? readTime = null) => ReadScore(item, signal, readTime).Score;

    /// <summary>Reads the number of an item's signals of one type, of all time.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public long ReadCount(string item, string signal) => ReadScore(item, signal, null).Count;

    /// <summary>
    /// Takes in batches of one origin's log of another cluster, through the own log: they count as they counted there. What is
    /// held already is left out.
    /// </summary>
    /// <param name="batches">The batches, in order and without a gap; checked, not copied, and not to be changed.</param>
    /// <param name="cancellation">Taken into account before the import begins.</param>
    /// <exception cref="InvalidOperationException">The database was not opened with <see cref="TidalDbOptions.Imports"/>.</exception>
    /// <exception cref="ImportException">A batch does not follow what is held, or is damaged; those before it are taken.</exception>
    /// <exception cref="LogException">What should be a batch is none.</exception>
    public ValueTask ImportAsync(IReadOnlyList<ReadOnlyMemory<byte>> batches, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowIfUnusable();
            _node.Import(batches);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Looks at all that the log adds up to, while nobody changes it.</summary>
    /// <typeparam name="T">What the look gives.</typeparam>
    /// <param name="look">Must only look, keep nothing of the state, and not call the database.</param>
    public T Inspect<T>(Func<ShardState, T> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return look(_node.State);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
                _node.Dispose();
            _isDisposed = true;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(IReadOnlyList<SignalToWrite> signals, SignalTypeId[] types, int from, Span<WriteResult> results)
    {
        var (records, now) = (new LogRecord[results.Length], _node.WallMilliseconds);
        for (var index = 0; index < records.Length; index++)
            records[index] = signals[from + index].ToRecord(types[from + index], now);
        var call = new WriteBatchCall(records) { Tenant = _tenant };
        Carry(call, CancellationToken.None);
        for (var index = 0; index < results.Length; index++)
            results[index] = call.ResultOf(index);
    }

    private ScoreResult ReadScore(string item, string signal, DateTimeOffset? readTime)
    {
        var call = new ScoreCall
        {
            Tenant = _tenant,
            Item = new ItemId(item),
            Signal = _schema.Signal(signal).Id,
            ReadTimeMilliseconds = readTime?.ToUnixTimeMilliseconds(),
        };
        Carry(call, CancellationToken.None);
        return call.Result!;
    }

    private ValueTask Write(Func<long, LogRecord> record, CancellationToken cancellation)
    {
        var call = new WriteCall { Tenant = _tenant, Record = record(_node.WallMilliseconds) };
        Carry(call, cancellation);
        return call.Result!.Outcome == WriteOutcomeKind.Acknowledged
            ? ValueTask.CompletedTask
            : throw new WriteRefusedException(call.Result);
    }

    private void Carry(ClientCall call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiting = new EmbeddedCall(call);
        lock (_queue)
            _queue.Enqueue(waiting);
        while (MustCarry(waiting))
            CarryThoseWaiting();
        waiting.ThrowIfFailed();
    }

    /// <summary>Waits until a call is over, or until its caller is the one to carry out what waits.</summary>
    private bool MustCarry(EmbeddedCall waiting)
    {
        lock (_queue)
        {
            // Here and not for the lock: who has its outcome leaves, and is back with its next call, while others are carried out.
            while (!waiting.IsDone && _isCarrying)
                Monitor.Wait(_queue);
            if (!waiting.IsDone)
                _isCarrying = true;
            return !waiting.IsDone;
        }
    }

    private void CarryThoseWaiting()
    {
        lock (_lock)
        {
            TakeThoseWaiting();
            try
            {
                ThrowIfUnusable();
                _node.Carry(_together);
            }
            catch (Exception failure)
            {
                if (failure is LogStoreException ofTheDisk)
                    _failure ??= ofTheDisk;
                foreach (var call in _together)
                    call.Fail(failure);
            }
            TellThoseCarried();
        }
    }

    private void TakeThoseWaiting()
    {
        lock (_queue)
        {
            _together.Clear();
            while (_together.Count < CallsTogetherMax && _queue.TryDequeue(out var call))
                _together.Add(call);
        }
    }

    private void TellThoseCarried()
    {
        lock (_queue)
        {
            _isCarrying = false;
            foreach (var call in _together)
                call.IsDone = true;
            Monitor.PulseAll(_queue);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_failure is { } failure)
            throw new LogStoreException(failure.File, "failed earlier; the database must be opened anew", failure);
    }
}

/// <summary>A write was not accepted, and never will be.</summary>
public sealed class WriteRefusedException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="result">How the write ended.</param>
    public WriteRefusedException(WriteResult result)
        : base(result.Problem ?? $"The write was refused: {result.Refusal}.") => Result = result;

    /// <summary>How the write ended.</summary>
    public WriteResult Result { get; }
}
