using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>All that a primary reconciles: one a tenant and region at a time, and what came of the last ones. Not safe for use by several threads.</summary>
internal sealed class Reconciliations(ShardReplica replica)
{
    private readonly SortedList<(TenantId Tenant, RegionId Region), Reconciliation> _pairs = [];
    private readonly List<ReconciliationReport> _reports = [];
    private long _heldUntilMicroseconds = long.MinValue;

    /// <summary>What came of the last ones, the newest last.</summary>
    public IReadOnlyList<ReconciliationReport> Reports => _reports;

    /// <summary>The plans that are being carried out.</summary>
    public IEnumerable<MergePlan> Plans => _pairs.Values.Select(pair => pair.Plan).OfType<MergePlan>();

    /// <summary>The replica is primary no more: what was under way its successor plans anew.</summary>
    public void Restart()
    {
        _pairs.Clear();
        _heldUntilMicroseconds = long.MinValue;
    }

    /// <summary>The routing table has changed: who does not serve a tenant any more has nothing to reconcile.</summary>
    public void OnTable() => ForgetIf(pair => !AreBothMembers(pair.Tenant, pair.Region));

    /// <summary>A tenant is erased here.</summary>
    public void Forget(TenantId tenant) => ForgetIf(pair => pair.Tenant == tenant);

    /// <summary>A region's primary says what it holds.</summary>
    public void OnMarks(Address from, ShipMarks marks, bool wasSilent, long now)
    {
        // A tenant's reports stand together: each pair looks at its own, and what is heard of many costs no more than a look at each.
        for (int first = 0, end; first < marks.Marks.Count; first = end)
        {
            end = EndOfTenant(marks.Marks, first);
            var tenant = marks.Marks[first].Tenant;
            if (AreBothMembers(tenant, from.Region))
                PairOf(tenant, from.Region).OnMarks(marks, first, end, wasSilent, now);
        }
        NoteHolds();
        Advance(now);
    }

    /// <summary>A region's primary reconciles.</summary>
    public void OnMessage(Address from, ReconcileMessage message, long now)
    {
        if (AreBothMembers(message.Tenant, from.Region))
            PairOf(message.Tenant, from.Region).OnMessage(from, message, now);
        NoteHolds();
    }

    /// <summary>To be called with every beat.</summary>
    public void Beat(long now)
    {
        for (var place = 0; place < _pairs.Count; place++)
            _pairs.GetValueAtIndex(place).Beat(now);
    }

    /// <summary>Something was committed, here or there.</summary>
    public void Advance(long now)
    {
        for (var place = 0; place < _pairs.Count; place++)
            _pairs.GetValueAtIndex(place).Advance(now);
    }

    /// <summary>Whether what is to be shipped to a region waits for a plan.</summary>
    public bool Holds(TenantId tenant, RegionId region, long now) =>
        now < _heldUntilMicroseconds && _pairs.TryGetValue((tenant, region), out var pair) && now < pair.HeldUntilMicroseconds;

    /// <summary>Keeps a report.</summary>
    public void Keep(ReconciliationReport report)
    {
        if (_reports.Count == replica.Settings.Options.ReconciliationsKept)
            _reports.RemoveAt(0);
        _reports.Add(report);
    }

    // Asked for each stream after every input: mostly one comparison.
    private void NoteHolds()
    {
        _heldUntilMicroseconds = long.MinValue;
        for (var place = 0; place < _pairs.Count; place++)
            _heldUntilMicroseconds = Math.Max(_heldUntilMicroseconds, _pairs.GetValueAtIndex(place).HeldUntilMicroseconds);
    }

    private static int EndOfTenant(IReadOnlyList<MarkReport> marks, int first)
    {
        var end = first + 1;
        while (end < marks.Count && marks[end].Tenant == marks[first].Tenant)
            end++;
        return end;
    }

    private Reconciliation PairOf(TenantId tenant, RegionId region)
    {
        if (!_pairs.TryGetValue((tenant, region), out var pair))
            _pairs.Add((tenant, region), pair = new Reconciliation(replica, tenant, region));
        return pair;
    }

    private void ForgetIf(Func<(TenantId Tenant, RegionId Region), bool> isGone)
    {
        _pairs.RemoveWhere((pair, _) => isGone(pair));
        NoteHolds();
    }

    // One that prepares is behind by everything, and nobody needs a plan to see it.
    private bool AreBothMembers(TenantId tenant, RegionId region)
    {
        var members = replica.Settings.Tenants.ReadersOf(tenant);
        return members.Contains(region) && members.Contains(replica.Self.Region);
    }
}
