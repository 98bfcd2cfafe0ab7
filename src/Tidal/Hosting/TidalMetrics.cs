using System.Diagnostics.Metrics;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// What one database or cluster measures of itself, for whoever listens to the meter <see cref="MeterName"/> (OpenTelemetry, for
/// instance). Tags: <c>region</c>, <c>shard</c> and <c>replica</c>, of lag <c>from</c> and <c>to</c>, of calls <c>outcome</c>, of mailboxes
/// <c>thread</c>. While nobody listens nothing is measured, and measuring allocates nothing. Safe for use by several threads.
/// </summary>
public sealed class TidalMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Tidal";

    /// <summary>Times that a replica's commit index went up.</summary>
    public const string Commits = "tidal.commits";

    /// <summary>Records that a primary acknowledged.</summary>
    public const string RecordsCommitted = "tidal.records.committed";

    /// <summary>Elections that a replica won.</summary>
    public const string ElectionsWon = "tidal.elections.won";

    /// <summary>Calls of clients that ended, by their outcome: acknowledged (of many records all), partly, refused, unknown, answered, failed.</summary>
    public const string Calls = "tidal.calls";

    /// <summary>Flushes of a replica's store.</summary>
    public const string Flushes = "tidal.flushes";

    /// <summary>Seconds that a flush took.</summary>
    public const string FlushDuration = "tidal.flush.duration";

    /// <summary>Records that a primary acknowledged together.</summary>
    public const string BatchRecords = "tidal.batch.records";

    /// <summary>Seconds from a write's beginning at its gateway to its acknowledgement there.</summary>
    public const string AcknowledgementLatency = "tidal.acknowledgement.latency";

    /// <summary>Messages dropped since the start because a mailbox had no room.</summary>
    public const string MessagesDropped = "tidal.messages.dropped";

    /// <summary>Messages and calls that wait for a thread.</summary>
    public const string MailboxDepth = "tidal.mailbox.depth";

    /// <summary>How many seconds the oldest batch is old that one region has committed and another does not say it has; of all shards and tenants the oldest.</summary>
    public const string ReplicationLag = "tidal.replication.lag";

    /// <summary>Envelopes that a replica holds and does not know to be committed.</summary>
    public const string UncommittedEnvelopes = "tidal.envelopes.uncommitted";

    private readonly Meter _meter = new(MeterName, typeof(TidalMetrics).Assembly.GetName().Version?.ToString(3));
    private readonly Topology _topology;

    internal TidalMetrics(Topology topology)
    {
        _topology = topology;
        CommitsCounter = _meter.CreateCounter<long>(Commits, "{commit}", "Times that a replica's commit index went up.");
        RecordsCounter = _meter.CreateCounter<long>(RecordsCommitted, "{record}", "Records that a primary acknowledged.");
        ElectionsCounter = _meter.CreateCounter<long>(ElectionsWon, "{election}", "Elections that a replica won.");
        CallsCounter = _meter.CreateCounter<long>(Calls, "{call}", "Calls of clients that ended.");
        FlushesCounter = _meter.CreateCounter<long>(Flushes, "{flush}", "Flushes of a replica's store.");
        FlushHistogram = _meter.CreateHistogram<double>(FlushDuration, "s", "How long a flush took.");
        BatchHistogram = _meter.CreateHistogram<long>(BatchRecords, "{record}", "Records that a primary acknowledged together.");
        LatencyHistogram = _meter.CreateHistogram<double>(AcknowledgementLatency, "s", "From a write's beginning to its acknowledgement.");
    }

    internal Counter<long> CommitsCounter { get; }

    internal Counter<long> RecordsCounter { get; }

    internal Counter<long> ElectionsCounter { get; }

    internal Counter<long> CallsCounter { get; }

    internal Counter<long> FlushesCounter { get; }

    internal Histogram<double> FlushHistogram { get; }

    internal Histogram<long> BatchHistogram { get; }

    internal Histogram<double> LatencyHistogram { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>What a replica is measured by.</summary>
    internal ReplicaMetrics Of(Address replica) => new(this, TagsOf(replica));

    /// <summary>What the calls of a region's gateway are measured by.</summary>
    internal CallMetrics Of(RegionId region) => new(this, new("region", _topology.NameOf(region)));

    /// <summary>What is read when somebody asks, by a cluster.</summary>
    internal void Observe(ClusterReadings readings)
    {
        _meter.CreateObservableCounter(MessagesDropped, readings.Dropped, "{message}", "Messages dropped because a mailbox had no room.");
        _meter.CreateObservableGauge(MailboxDepth, readings.Depths, "{message}", "Messages and calls that wait for a thread.");
        _meter.CreateObservableGauge(ReplicationLag, readings.Lags, "s", "Age of the oldest batch that a region has and another does not say it has.");
        _meter.CreateObservableGauge(UncommittedEnvelopes, readings.Uncommitted, "{envelope}", "Envelopes not known to be committed.");
    }

    /// <summary>The tags of a replica, made once.</summary>
    internal KeyValuePair<string, object?>[] TagsOf(Address replica) =>
    [
        new("region", _topology.NameOf(replica.Region)),
        new("shard", (int)replica.Shard.Number),
        new("replica", (int)replica.Replica.Number),
    ];
}
