using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// What a shipper knows of one region that follows its origin log: the cursor. Nothing is sent before the region has said
/// what it holds, and nothing while it does not answer. Not safe for use by several threads.
/// </summary>
internal sealed class ShipStream(TenantId tenant, RegionId target)
{
    /// <summary>Whose log.</summary>
    public TenantId Tenant { get; } = tenant;

    /// <summary>The region that follows.</summary>
    public RegionId Target { get; } = target;

    /// <summary>Up to where the region has committed; null until it has said so.</summary>
    public ulong? Acknowledged { get; private set; }

    /// <summary>Up to where batches were sent.</summary>
    public ulong Sent { get; set; }

    /// <summary>The applied index at which all that was committed had been sent: until something is applied, or is to be sent again, there is nothing to send.</summary>
    public ulong? SettledAt { get; set; }

    /// <summary>When the region last acknowledged something new, or something was sent after all was acknowledged.</summary>
    public long LastProgressMicroseconds { get; set; }

    /// <summary>Whether the region holds another batch under a number of ours: nothing more is sent.</summary>
    public bool IsDiverged { get; set; }

    /// <summary>The lag of the region.</summary>
    public ReplicationLagGauge Gauge { get; } = new();

    /// <summary>The region has committed up to a number.</summary>
    public void Acknowledge(ulong number, long now)
    {
        if (Acknowledged is null || number > Acknowledged)
        {
            Acknowledged = number;
            LastProgressMicroseconds = now;
        }
        Sent = Math.Max(Sent, number);
        Gauge.Acknowledged(number);
    }

    /// <summary>Sends again from what the region is known to hold.</summary>
    public void Rewind(ulong number, long now)
    {
        Sent = Math.Min(Sent, number);
        SettledAt = null;
        LastProgressMicroseconds = now;
    }
}
