using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>Calls of a cluster that the caller waits for: for what comes before and after what is measured. Safe for use by several threads.</summary>
internal static class BenchCalls
{
    private const int TriesMax = 200;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens a session.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">In which region.</param>
    public static SessionId OpenSession(TidalCluster cluster, RegionId region)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var record = LogRecord.ForSession(default, default, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), SessionAction.Open);
            var open = Wait(cluster, region, completed => new WriteCall { Tenant = BenchCluster.Tenant, Record = record, Completed = completed });
            if (open.Result!.Outcome == WriteOutcomeKind.Acknowledged)
                return open.Result.Session;
            Thread.Sleep(RetryPause);
        }
        throw new TimeoutException("No session could be opened.");
    }

    /// <summary>Writes records until each is acknowledged.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">In which region.</param>
    /// <param name="records">The records, each with its operation.</param>
    public static void Write(TidalCluster cluster, RegionId region, LogRecord[] records)
    {
        var call = Wait(cluster, region, completed => new WriteBatchCall(records) { Tenant = BenchCluster.Tenant, Completed = completed });
        for (var tries = 0; !call.IsAcknowledged && tries < TriesMax; tries++)
        {
            Thread.Sleep(RetryPause);
            var before = call;
            call = Wait(cluster, region, completed => before.Retry(completed) ?? throw new InvalidOperationException("A record was refused for good."));
        }
        if (!call.IsAcknowledged)
            throw new TimeoutException("Records were not acknowledged.");
    }

    /// <summary>Makes a call and waits for its end.</summary>
    /// <typeparam name="T">The call.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">In which region.</param>
    /// <param name="make">Makes it, to be completed with what is given.</param>
    public static T Wait<T>(TidalCluster cluster, RegionId region, Func<Action<ClientCall>, T> make)
        where T : ClientCall
    {
        using var ended = new ManualResetEventSlim();
        var call = make(_ => ended.Set());
        cluster.Begin(region, call);
        ended.Wait();
        return call;
    }
}
