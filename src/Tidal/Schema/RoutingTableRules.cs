namespace Tidal.Schema;

/// <summary>
/// What a routing table may be, and which may follow which: a table that breaks a rule is refused before anybody hears of it.
/// Every coordinator asks here. Not safe for use by several threads.
/// </summary>
public sealed class RoutingTableRules
{
    private readonly RoutingTable _before;
    private readonly RoutingTable _after;
    private readonly Topology _topology;

    private RoutingTableRules(RoutingTable before, RoutingTable after, Topology topology) => (_before, _after, _topology) = (before, after, topology);

    /// <summary>Checks that a table may follow another.</summary>
    /// <param name="before">The table that it is to replace.</param>
    /// <param name="after">The table.</param>
    /// <param name="topology">The cluster.</param>
    /// <exception cref="RoutingTableException">It may not; the message says why.</exception>
    public static void Check(RoutingTable before, RoutingTable after, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(topology);
        new RoutingTableRules(before, after, topology).Check();
    }

    private void Check()
    {
        Must(_after.Version == _before.Version + 1, $"Version {_after.Version} does not follow version {_before.Version}.");
        Must(_after.Format >= _before.Format, $"The format goes back from {_before.Format} to {_after.Format}.");
        for (var place = 1; place < _after.Tenants.Count; place++)
            Must(_after.Tenants[place - 1].Tenant.CompareTo(_after.Tenants[place].Tenant) < 0, $"There are two tenants of number {_after.Tenants[place].Tenant.Number}, or they are out of order.");
        foreach (var name in _after.Tenants.GroupBy(placement => placement.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
            throw new RoutingTableException($"There are two tenants of the name '{name.Key}'.");
        foreach (var placement in _before.Tenants)
            Must(_after.Find(placement.Tenant) is not null, $"The tenant '{placement.Name}' is gone from the table.");
        foreach (var placement in _after.Tenants)
            Check(_before.Find(placement.Tenant), placement);
    }

    private void Check(TenantPlacement? before, TenantPlacement after)
    {
        if (ReferenceEquals(before, after))
            return;
        Must(after.Version == _after.Version, $"{Of(after)} has version {after.Version} in a table of version {_after.Version} that changes it.");
        Must(before is null || before.Name == after.Name, $"{Of(after)} was called '{before?.Name}'.");
        CheckRegions(after);
        RoutingTable.MustHavePossibleQuotas(after);
        CheckAnswers(before, after);
        if (before is null)
        {
            Must(after.Writers.Count == after.Members.Count, $"{Of(after)} is new: there is nothing that a region of it could prepare for, or leave.");
            return;
        }
        CheckSteps(before, after);
        CheckDeparted(before, after);
    }

    private void CheckRegions(TenantPlacement placement)
    {
        CheckList(placement, "residency", placement.Residency ?? [.. _topology.Regions], "is allowed in no region");
        CheckList(placement, "configuration", placement.Wanted, "is wanted in no region");
        CheckList(placement, "member list", [.. placement.Members.Select(member => member.Region)], "is held in no region");
        if (placement.Residency is not { } residency)
            return;
        foreach (var region in placement.Wanted.Concat(placement.Members.Select(member => member.Region)))
            Must(residency.Contains(region), $"{Of(placement)} may not be in {Name(region)}: its residency allows {Names(residency)}.");
    }

    private void CheckList(TenantPlacement placement, string list, IReadOnlyList<RegionId> regions, string whatIfEmpty)
    {
        Must(regions.Count > 0, $"{Of(placement)} {whatIfEmpty}.");
        foreach (var region in regions)
            Must(region.Ordinal < _topology.RegionCount, $"{Of(placement)} names {region}; the cluster has {Names([.. _topology.Regions])}.");
        Must(regions.SequenceEqual(regions.Distinct().Order()), $"The {list} of {Of(placement)} is out of order or names a region twice: {Names(regions)}.");
    }

    /// <summary>Whatever home an item names, a region answers for it that holds it.</summary>
    private void CheckAnswers(TenantPlacement? before, TenantPlacement after)
    {
        Must(after.Writers.Count > 0, $"No region would take the writes of {Of(after)}.");
        foreach (var home in after.Homes)
        {
            Must(after.Readers.Contains(home.Answers),
                $"{Name(home.Answers)} is to answer for the items of {Of(after)} at home in {Name(home.Region)}, and answers no reads.");
        }
        foreach (var region in before?.Readers ?? [])
        {
            Must(after.Readers.Contains(after.AnswersFor(region)), $"Nobody would answer for the items of {Of(after)} at home in {Name(region)}.");
        }
    }

    private void CheckSteps(TenantPlacement before, TenantPlacement after)
    {
        foreach (var region in _topology.Regions)
        {
            var (from, to) = (before.StandingOf(region), after.StandingOf(region));
            Must(from == to || MayFollow(from, to), $"{Name(region)} goes from {Of(from)} to {Of(to)} for {Of(after)}: that skips a step.");
        }
        foreach (var member in after.Members.Except(before.Members))
            Must(member.Since == after.Version, $"{Name(member.Region)} is {Of(member.Standing)} for {Of(after)} since version {member.Since}, not {after.Version}.");
    }

    private static bool MayFollow(MemberStanding? from, MemberStanding? to) => (from, to) switch
    {
        (null, MemberStanding.Preparing) => true,
        (MemberStanding.Preparing, MemberStanding.Serving or MemberStanding.Leaving) => true,
        (MemberStanding.Serving, MemberStanding.Closing) => true,
        (MemberStanding.Closing, MemberStanding.Serving or MemberStanding.Leaving) => true,
        (MemberStanding.Leaving, MemberStanding.Preparing or MemberStanding.Erasing) => true,
        (MemberStanding.Erasing, null) => true,
        _ => false,
    };

    /// <summary>A region that comes back goes on where its log ended: forgotten, it would number its records anew.</summary>
    private void CheckDeparted(TenantPlacement before, TenantPlacement after)
    {
        foreach (var departed in before.Departed)
        {
            var kept = after.Departed.FirstOrDefault(origin => origin.Region == departed.Region);
            Must(kept is not null, $"How far the log of {Name(departed.Region)} goes would be forgotten for {Of(after)}.");
            for (var shard = 0; shard < departed.Shards.Count; shard++)
            {
                Must(shard < kept!.Shards.Count && kept.Shards[shard].Number >= departed.Shards[shard].Number,
                    $"The log of {Name(departed.Region)} for {Of(after)} goes back in shard {shard}.");
            }
        }
    }

    private static void Must(bool isSo, string elseBecause)
    {
        if (!isSo)
            throw new RoutingTableException(char.ToUpperInvariant(elseBecause[0]) + elseBecause[1..]);
    }

    private static string Of(TenantPlacement placement) => $"the tenant '{placement.Name}'";

    private static string Of(MemberStanding? standing) => standing?.ToString() ?? "no standing";

    private string Name(RegionId region) => region.Ordinal < _topology.RegionCount ? _topology.NameOf(region) : region.ToString();

    private string Names(IReadOnlyList<RegionId> regions) => string.Join(", ", regions.Select(Name));
}
