using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>Writes records of any kind in a region, many a call, and waits for each call. Not safe for use by several threads.</summary>
internal sealed class RecordWriter
{
    private readonly TidalCluster _cluster;
    private readonly RegionId _region;
    private readonly ClientSession _session;
    private readonly int _recordsACall;
    private readonly List<LogRecord> _records = [];

    /// <summary>A writer with a session of its own.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    /// <param name="recordsACall">Records a call.</param>
    public RecordWriter(TidalCluster cluster, RegionId region, int recordsACall)
    {
        (_cluster, _region, _recordsACall) = (cluster, region, recordsACall);
        _session = new ClientSession(BenchCalls.OpenSession(cluster, region));
    }

    /// <summary>Writes a record, with the next ones.</summary>
    /// <param name="record">The record; it gets an operation.</param>
    public void Write(in LogRecord record)
    {
        var shard = _cluster.Router.ShardOf(BenchCluster.Tenant, record);
        _records.Add(record with { Operation = _session.NextOperation(BenchCluster.Tenant, shard) });
        if (_records.Count == _recordsACall)
            Finish();
    }

    /// <summary>Writes what was not written yet.</summary>
    public void Finish()
    {
        if (_records.Count > 0)
            BenchCalls.Write(_cluster, _region, [.. _records]);
        _records.Clear();
    }
}
