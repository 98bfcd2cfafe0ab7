using System.Diagnostics;
using Tidal.Replication;

namespace Tidal.Hosting;

/// <summary>What one replica is measured by. Of its methods those about flushes may be called by any thread.</summary>
internal sealed class ReplicaMetrics(TidalMetrics metrics, KeyValuePair<string, object?>[] tags)
{
    /// <summary>Counts what happened in a step.</summary>
    public void Happened(List<ReplicaEvent> events)
    {
        if (!metrics.CommitsCounter.Enabled && !metrics.RecordsCounter.Enabled && !metrics.ElectionsCounter.Enabled && !metrics.BatchHistogram.Enabled)
            return;
        var (commits, records, elections) = (0, 0, 0);
        foreach (var happened in events)
        {
            commits += happened.Kind == ReplicaEventKind.Committed ? 1 : 0;
            records += happened.Kind == ReplicaEventKind.Acknowledged ? 1 : 0;
            elections += happened.Kind == ReplicaEventKind.BecamePrimary ? 1 : 0;
        }
        Add(commits, records, elections);
    }

    /// <summary>A flush begins.</summary>
    /// <returns>What its end is told; 0 while nobody listens.</returns>
    public long BeginFlush() => metrics.FlushesCounter.Enabled || metrics.FlushHistogram.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A flush has succeeded.</summary>
    public void EndFlush(long began)
    {
        if (began == 0)
            return;
        metrics.FlushesCounter.Add(1, tags);
        metrics.FlushHistogram.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    private void Add(int commits, int records, int elections)
    {
        if (commits > 0)
            metrics.CommitsCounter.Add(commits, tags);
        if (elections > 0)
            metrics.ElectionsCounter.Add(elections, tags);
        if (records == 0)
            return;
        metrics.RecordsCounter.Add(records, tags);
        metrics.BatchHistogram.Record(records, tags);
    }
}
