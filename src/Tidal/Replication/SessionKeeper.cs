using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Ends sessions in this region's log without being asked by a client (PROTOCOL 13): those whose end is seen in another
/// region's log, and those that no region has heard of for too long. So many at a time, so that the ends of a long
/// partition, come all at once, do not crowd out writes. The primary's part; not safe for use by several threads.
/// </summary>
internal sealed class SessionKeeper(ShardReplica replica)
{
    /// <summary>Idle sessions are looked for so often within the time that makes them idle.</summary>
    private const int LooksPerIdleTime = 8;

    private readonly Queue<(TenantId Tenant, SessionId Session)> _idle = [];
    private long _nextSweep;
    private long _nextLook;

    /// <summary>Begins anew: what an earlier primary found is looked for again.</summary>
    public void Restart()
    {
        _idle.Clear();
        (_nextSweep, _nextLook) = (0, 0);
    }

    /// <summary>Proposes the ends that are due.</summary>
    public void Tick(long now)
    {
        if (now < _nextSweep || !replica.Raft.IsReadyPrimary || replica.Raft.IsHandingOver)
            return;
        _nextSweep = now + replica.Settings.Options.ShipBeatMicroseconds;
        var left = replica.Settings.Options.SessionEndsPerSweepMax;
        foreach (var (tenant, held) in replica.State.Tenants)
            left -= EndSeenElsewhere(tenant, held, left);
        LookForIdle(now);
        while (left-- > 0 && _idle.TryDequeue(out var idle))
            replica.TryEnd(idle.Tenant, idle.Session);
    }

    private int EndSeenElsewhere(TenantId tenant, TenantReplica held, int most)
    {
        var awaited = held.Ends.AwaitedFrom(replica.Self.Region);
        // The usual case, of each tenant at every beat.
        if (awaited.Count == 0)
            return 0;
        var seen = awaited.Take(most).ToList();
        return seen.Count(session => replica.TryEnd(tenant, session));
    }

    private void LookForIdle(long now)
    {
        if (now < _nextLook)
            return;
        var idleMax = replica.Settings.Options.SessionIdleMax;
        _nextLook = now + (long)(idleMax / LooksPerIdleTime).TotalMicroseconds;
        _idle.Clear();
        var lastHeard = replica.WallMilliseconds - (long)idleMax.TotalMilliseconds;
        foreach (var (tenant, held) in replica.State.Tenants)
        {
            foreach (var session in held.IdleSince(lastHeard, replica.Self.Region))
                _idle.Enqueue((tenant, session));
        }
    }
}
