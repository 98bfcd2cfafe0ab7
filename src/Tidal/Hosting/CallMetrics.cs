using Tidal.Placement;
using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>What the calls of one gateway are measured by. Safe for use by several threads.</summary>
internal sealed class CallMetrics(TidalMetrics metrics, KeyValuePair<string, object?> region)
{
    private readonly KeyValuePair<string, object?>[] _region = [region];
    private readonly KeyValuePair<string, object?>[] _acknowledged = [region, new("outcome", "acknowledged")];
    private readonly KeyValuePair<string, object?>[] _partly = [region, new("outcome", "partly")];
    private readonly KeyValuePair<string, object?>[] _refused = [region, new("outcome", "refused")];
    private readonly KeyValuePair<string, object?>[] _unknown = [region, new("outcome", "unknown")];
    private readonly KeyValuePair<string, object?>[] _answered = [region, new("outcome", "answered")];
    private readonly KeyValuePair<string, object?>[] _failed = [region, new("outcome", "failed")];

    /// <summary>A call has ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="nowMicroseconds">Monotonic microseconds, as its gateway has them.</param>
    public void Ended(ClientCall call, long nowMicroseconds)
    {
        if (!metrics.CallsCounter.Enabled && !metrics.LatencyHistogram.Enabled)
            return;
        var outcome = TagsOf(call);
        metrics.CallsCounter.Add(1, outcome);
        if (outcome == _acknowledged)
            metrics.LatencyHistogram.Record((nowMicroseconds - call.StartedMicroseconds) / 1e6, _region);
    }

    private KeyValuePair<string, object?>[] TagsOf(ClientCall call) => call switch
    {
        { Failure: not null } => _failed,
        WriteCall write => TagsOf(write.Result),
        WriteBatchCall { IsAcknowledged: true } => _acknowledged,
        WriteBatchCall => _partly,
        EndSessionCall end => TagsOf(end.Result),
        _ => _answered,
    };

    private KeyValuePair<string, object?>[] TagsOf(WriteResult? result) => result?.Outcome switch
    {
        WriteOutcomeKind.Acknowledged => _acknowledged,
        WriteOutcomeKind.Refused => _refused,
        _ => _unknown,
    };
}
