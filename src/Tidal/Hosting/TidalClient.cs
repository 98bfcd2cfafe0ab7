using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A client of one tenant in a region of a cluster, with a session of its own that is opened with its first write. A write is
/// retried under its operation id, so that it counts once, until it is acknowledged, no retry would help, or the options say that
/// it was tried often enough. Safe for use by several threads; what awaits a task never runs on a thread of the cluster.
/// </summary>
public sealed class TidalClient
{
    internal TidalClient(TidalCluster cluster, RegionId region, TenantId tenant, TidalClientOptions options) => throw new NotImplementedException();

    /// <summary>The region whose gateway it talks to.</summary>
    public RegionId Region { get; }

    /// <summary>Whose data it reads and writes.</summary>
    public TenantId Tenant { get; }

    /// <summary>
    /// What the user's session has seen: carried by every call and kept up to date, so that no region shows the user less. Null, as at
    /// first, for calls outside of any session; set it to <see cref="SessionToken.Empty"/>, or to the token of another region's client.
    /// </summary>
    public SessionToken? Token { get; set; }

    /// <summary>What its reads do where the region does not hold yet what the session has seen.</summary>
    public BehindSession WhenBehind { get; set; }

    /// <summary>Tries of writes that were made again.</summary>
    public long Retries => throw new NotImplementedException();

    /// <summary>Writes an item's record: from then on the item is listed.</summary>
    /// <param name="item">The item.</param>
    /// <param name="attributes">Attributes, for filters; null for none.</param>
    /// <param name="cancellation">Ends the wait, not the write: what was sent may be counted.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged; its result says whether it was refused or its outcome is unknown.</exception>
    public Task PutItemAsync(string item, IReadOnlyDictionary<string, string>? attributes = null, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Sets attributes of a user: those that the schema names as cohorts decide where the user's later signals count.</summary>
    /// <param name="user">The user.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task SetUserAsync(string user, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellation = default) => throw new NotImplementedException();

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
        throw new NotImplementedException();

    /// <summary>Writes many signals, each with its own outcome.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="cancellation">Ends the wait, not the writes.</param>
    /// <returns>How each ended, in order.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type; nothing was written.</exception>
    public Task<IReadOnlyList<WriteResult>> SignalsAsync(IReadOnlyList<SignalToWrite> signals, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Hides, mutes or blocks an item, or a creator with all items of that attribute <c>creator</c>.</summary>
    /// <param name="user">Who does not want to see it.</param>
    /// <param name="target">The item's or creator's id.</param>
    /// <param name="kind">In which of three ways; each is undone on its own.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task HideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Undoes a hide, mute or block.</summary>
    /// <param name="user">Who wants to see it again.</param>
    /// <param name="target">The item's or creator's id.</param>
    /// <param name="kind">Which of the three ways is undone.</param>
    /// <param name="targetKind">Whether the target is an item or a creator.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <exception cref="WriteRefusedException">The write was not acknowledged.</exception>
    public Task UndoHideAsync(
        string user, string target, NegativeKind kind = NegativeKind.Hide, TargetKind targetKind = TargetKind.Item, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Writes a record; one without an operation id gets the session's next.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    /// <returns>The last try, completed: its result says how it ended, and it is what another region would retry.</returns>
    public Task<WriteCall> WriteAsync(LogRecord record, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Asks a query.</summary>
    /// <param name="query">The query: <c>RETRIEVE items …</c>.</param>
    /// <param name="readTime">At which time scores are read; null for now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QueryException">The query is wrong; the message shows where.</exception>
    public Task<QueryAnswer> RetrieveAsync(string query, DateTimeOffset? readTime = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Reads the decay score and count of an item's signals of one type.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type's name.</param>
    /// <param name="readTime">At which time; null for now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer; null when no primary answered in time, or none that holds what the session has seen.</returns>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public Task<ScoreResult?> ReadScoreAsync(string item, string signal, DateTimeOffset? readTime = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}
