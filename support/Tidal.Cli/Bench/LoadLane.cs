using System.Diagnostics;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>One client of a load: a session in a region, with one call under way at a time. Used by the load's thread, but for what says otherwise.</summary>
internal sealed class LoadLane
{
    private readonly ulong[] _numbers = new ulong[BenchCluster.Topology.ShardCount];
    private readonly AcknowledgedSignal[] _signals;
    private readonly Action<ClientCall> _completed;

    /// <summary>A client.</summary>
    /// <param name="region">Its region.</param>
    /// <param name="session">Its session.</param>
    /// <param name="batch">Signals a call.</param>
    /// <param name="completed">Told, on the gateway's thread, when its call is completed.</param>
    public LoadLane(RegionId region, SessionId session, int batch, Action<LoadLane> completed)
    {
        (Region, Session, _signals) = (region, session, new AcknowledgedSignal[batch]);
        _completed = _ =>
        {
            CompletedAt = Stopwatch.GetTimestamp();
            completed(this);
        };
    }

    /// <summary>Its region.</summary>
    public RegionId Region { get; }

    /// <summary>Its session.</summary>
    public SessionId Session { get; }

    /// <summary>Signals a call.</summary>
    public int BatchSize => _signals.Length;

    /// <summary>The call under way, or the last one completed and not yet settled; null for none.</summary>
    public WriteBatchCall? Call { get; private set; }

    /// <summary>When the call was meant to be sent, as a timestamp.</summary>
    public long MeantAt { get; private set; }

    /// <summary>When it was completed, as a timestamp; written by the gateway's thread before the load is told.</summary>
    public long CompletedAt { get; private set; }

    /// <summary>Makes the next call.</summary>
    /// <param name="source">Where signals come from.</param>
    /// <param name="meantAt">When it is meant to be sent, as a timestamp.</param>
    public WriteBatchCall Fill(LoadSource source, long meantAt)
    {
        var records = new LogRecord[_signals.Length];
        for (var place = 0; place < records.Length; place++)
        {
            var signal = _signals[place] = source.Next();
            var shard = source.ShardOf(signal.Item);
            records[place] = source.RecordOf(signal, new OperationId(Session, ++_numbers[shard]));
        }
        MeantAt = meantAt;
        return Call = new WriteBatchCall(records) { Tenant = BenchCluster.Tenant, Completed = _completed };
    }

    /// <summary>Sees to what became of the call: what is acknowledged is noted once all of it is.</summary>
    /// <param name="ledger">Where it is noted.</param>
    /// <returns>The call that tries again what was not; null when there is none, and the lane is free.</returns>
    public WriteBatchCall? Settle(LoadLedger ledger)
    {
        var retry = Call!.IsAcknowledged ? null : Call.Retry(_completed);
        if (retry is null && !Call.IsAcknowledged)
            throw new InvalidOperationException($"{Call.Records.Length - Call.AcknowledgedCount} signals were refused for good.");
        Call = retry;
        if (retry is not null)
            return retry;
        foreach (var signal in _signals)
            ledger.Add(signal);
        return null;
    }
}
