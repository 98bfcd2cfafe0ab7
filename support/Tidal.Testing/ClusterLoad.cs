using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing;

/// <summary>How much a <see cref="ClusterLoad"/> asks for. Immutable.</summary>
public sealed record LoadOptions
{
    /// <summary>How many signals each client has under way at a time, at most. Default 2.</summary>
    public int SignalsAtOnce { get; init; } = 2;

    /// <summary>How long each of those waits after its outcome before the next. Default 50 ms.</summary>
    public TimeSpan SignalPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a client waits after an answer before it asks again. Default 100 ms.</summary>
    public TimeSpan QueryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What is asked, one after the other.</summary>
    public IReadOnlyList<string> Queries { get; init; } = ["RETRIEVE items", "RETRIEVE items FOR USER @ana", "RETRIEVE items READ local"];
}

/// <summary>
/// Users who send signals and ask queries all the time, until they are told to stop. A signal that is not acknowledged at once is sent
/// again under its operation id. Not safe for use by several threads.
/// </summary>
public sealed class ClusterLoad
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly ClusterUnderTest _cluster;
    private readonly IReadOnlyList<ItemId> _items;
    private readonly SignalTypeId _signal;
    private readonly LoadOptions _options;
    private readonly ClientLoops _loops;

    /// <summary>Begins.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="clients">Whose signals and queries they are.</param>
    /// <param name="items">What the signals are for, in turn.</param>
    /// <param name="signal">Their type.</param>
    /// <param name="options">How much; null for the defaults.</param>
    public ClusterLoad(
        ClusterUnderTest cluster, IEnumerable<ClusterClient> clients, IReadOnlyList<ItemId> items, SignalTypeId signal, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(clients);
        (_cluster, _items, _signal, _options) = (cluster, items, signal, options ?? new LoadOptions());
        _loops = new ClientLoops(cluster);
        foreach (var client in clients)
        {
            for (var writer = 0; writer < _options.SignalsAtOnce; writer++)
                _loops.Add(sent => SendAsync(client, sent), _options.SignalPause);
            _loops.Add(asked => AskAsync(client, asked), _options.QueryPause);
        }
    }

    /// <summary>Signals that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>First tries that were not acknowledged, as they ended.</summary>
    public List<ResultAt> NotAtFirst { get; } = [];

    /// <summary>Queries that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Answers that were not whole.</summary>
    public List<ResultAt> Degraded { get; } = [];

    /// <summary>Whether all have stopped, and every signal has its outcome.</summary>
    public bool IsOver => _loops.AreOver;

    /// <summary>Nobody sends or asks anything more; what is under way ends by itself.</summary>
    public void End() => _loops.End();

    private async Task SendAsync(ClusterClient client, int sent)
    {
        var first = await client.TryWriteAsync(RecordOf(_items[sent % _items.Count])).ConfigureAwait(false);
        if (first.Result!.Outcome != WriteOutcomeKind.Acknowledged)
            NotAtFirst.Add(new ResultAt(_cluster.Elapsed, client.Region, $"{first.Result}"));
        var last = await client.RetryAsync(first, RetryPause).ConfigureAwait(false);
        Acknowledged += last.Result!.Outcome == WriteOutcomeKind.Acknowledged ? 1 : 0;
    }

    private async Task AskAsync(ClusterClient client, int asked)
    {
        var answer = await client.QueryAsync(_options.Queries[asked % _options.Queries.Count]).ConfigureAwait(false);
        Answered++;
        if (answer.Stats.IsDegraded)
            Degraded.Add(new ResultAt(_cluster.Elapsed, client.Region, string.Join(", ", answer.Stats.Missing)));
    }

    private LogRecord RecordOf(ItemId item) =>
        LogRecord.Signal(default, default, _cluster.Now.ToUnixTimeMilliseconds(), item, new UserId("ana"), _signal);
}

/// <summary>What a client was told.</summary>
/// <param name="At">When.</param>
/// <param name="Region">The client's region.</param>
/// <param name="Result">What, in words.</param>
public readonly record struct ResultAt(TimeSpan At, RegionId Region, string Result);
