using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Tells to which region a call of a tenant goes: the gateway's own if it does what is asked for, else the first in region
/// order that does and that can be reached, as far as is known. It remembers, for a while, who did not answer. Not safe for
/// use by several threads.
/// </summary>
public sealed class TenantRouter
{
    private readonly RegionId _own;
    private readonly ITenantDirectory _tenants;
    private readonly long _pauseMicroseconds;
    // One entry a region at most.
    private readonly SortedList<RegionId, long> _silentUntil = [];

    /// <summary>Routes from a region.</summary>
    /// <param name="own">The gateway's region.</param>
    /// <param name="tenants">What the gateway knows of the routing table.</param>
    /// <param name="silentPause">For how long a region that did not answer is passed over.</param>
    public TenantRouter(RegionId own, ITenantDirectory tenants, TimeSpan silentPause)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        (_own, _tenants) = (own, tenants);
        _pauseMicroseconds = (long)silentPause.TotalMicroseconds;
    }

    /// <summary>The region that a write goes to; null if there is none, or none that was not tried.</summary>
    /// <param name="tenant">Whose write.</param>
    /// <param name="nowMicroseconds">The edge's monotonic clock.</param>
    /// <param name="tried">The regions that have refused it already.</param>
    public RegionId? WriterFor(TenantId tenant, long nowMicroseconds, IReadOnlyList<RegionId>? tried = null) =>
        Choose(_tenants.Table.Find(tenant)?.Writers, nowMicroseconds, tried ?? []);

    /// <summary>The region that a read goes to; null if there is none, or none that was not tried.</summary>
    /// <param name="tenant">Whose read.</param>
    /// <param name="nowMicroseconds">The edge's monotonic clock.</param>
    /// <param name="tried">The regions that have not answered it.</param>
    public RegionId? ReaderFor(TenantId tenant, long nowMicroseconds, IReadOnlyList<RegionId>? tried = null) =>
        Choose(_tenants.Table.Find(tenant)?.Readers, nowMicroseconds, tried ?? []);

    /// <summary>A region did not answer.</summary>
    /// <param name="region">The region.</param>
    /// <param name="nowMicroseconds">The edge's monotonic clock.</param>
    public void NoteSilent(RegionId region, long nowMicroseconds) => _silentUntil[region] = nowMicroseconds + _pauseMicroseconds;

    /// <summary>A region answered something.</summary>
    /// <param name="region">The region.</param>
    public void NoteHeard(RegionId region)
    {
        if (_silentUntil.Count > 0)
            _silentUntil.Remove(region);
    }

    // Who knows no placement asks at home: there they know it, or will in a moment.
    private RegionId? Choose(IReadOnlyList<RegionId>? regions, long now, IReadOnlyList<RegionId> tried)
    {
        if (regions is null || regions.Contains(_own))
            return tried.Contains(_own) ? null : _own;
        RegionId? silent = null;
        foreach (var region in regions)
        {
            if (tried.Contains(region))
                continue;
            if (!_silentUntil.TryGetValue(region, out var until) || until <= now)
                return region;
            silent ??= region;
        }
        return silent;
    }
}
