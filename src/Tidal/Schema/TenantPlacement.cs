namespace Tidal.Schema;

/// <summary>What a region does for a tenant. A move of a tenant takes its regions from one standing to the next, a table version each.</summary>
public enum MemberStanding
{
    /// <summary>It takes in what the others hold; it answers no read and takes no write yet.</summary>
    Preparing,

    /// <summary>It takes writes and answers reads.</summary>
    Serving,

    /// <summary>Its origin log is sealed, or about to be: writes go elsewhere, reads are still answered.</summary>
    Closing,

    /// <summary>It answers no read any more; it keeps its bytes until every member holds what it holds.</summary>
    Leaving,

    /// <summary>It erases its bytes.</summary>
    Erasing,
}

/// <summary>A region that holds something of a tenant.</summary>
/// <param name="Region">The region.</param>
/// <param name="Standing">What it does for the tenant.</param>
/// <param name="Since">The table version that gave it this standing; 0 for the one that the tenant came with.</param>
public readonly record struct TenantMember(RegionId Region, MemberStanding Standing, ulong Since = 0);

/// <summary>A region that items are at home in, and the one that answers for them: itself, or the heir of one that has left.</summary>
/// <param name="Region">The home that the items name.</param>
/// <param name="Answers">The region that answers.</param>
public readonly record struct TenantHome(RegionId Region, RegionId Answers);

/// <summary>How far the origin log of a region that has left goes: one that comes back continues it. Immutable.</summary>
/// <param name="Region">The region.</param>
/// <param name="Shards">Its last mark in each shard, in order of the shards.</param>
public sealed record DepartedOrigin(RegionId Region, IReadOnlyList<OriginMark> Shards);

/// <summary>Where a tenant's data is, and where it is wanted. Immutable and safe to share between threads.</summary>
public sealed record TenantPlacement
{
    /// <summary>Places a tenant in regions that serve it.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="regions">The regions, in any order; named twice is named once.</param>
    public TenantPlacement(TenantId tenant, string name, IReadOnlyList<RegionId> regions)
    {
        (Tenant, Name) = (tenant, name);
        Wanted = [.. regions.Distinct().Order()];
        Members = [.. Wanted.Select(region => new TenantMember(region, MemberStanding.Serving))];
    }

    /// <summary>The tenant's number.</summary>
    public TenantId Tenant { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The table version at which the placement last changed: what requests carry and nodes compare.</summary>
    public ulong Version { get; init; }

    /// <summary>
    /// The routing configuration: the regions that the tenant's data is to be in, in region order. To move a tenant change this,
    /// and nothing else; to take a move back, change it back.
    /// </summary>
    public IReadOnlyList<RegionId> Wanted { get; init; }

    /// <summary>The regions that its data may be in; null for all.</summary>
    public IReadOnlyList<RegionId>? Residency { get; init; }

    /// <summary>How much it may ask for; null for as much as there is.</summary>
    public TenantQuotas? Quotas { get; init; }

    /// <summary>The regions that hold something of it, in region order.</summary>
    public IReadOnlyList<TenantMember> Members
    {
        get;
        init
        {
            field = value;
            Writers = RegionsIn(value, static standing => standing == MemberStanding.Serving);
            Readers = RegionsIn(value, static standing => standing is MemberStanding.Serving or MemberStanding.Closing);
            Holders = RegionsIn(value, static standing => standing is not (MemberStanding.Leaving or MemberStanding.Erasing));
            Keepers = RegionsIn(value, static standing => standing != MemberStanding.Erasing);
        }
    }

    /// <summary>Who answers for items of a home region that does not answer for itself, in order of the homes.</summary>
    public IReadOnlyList<TenantHome> Homes { get; init; } = [];

    /// <summary>The origins that have left, in region order.</summary>
    public IReadOnlyList<DepartedOrigin> Departed { get; init; } = [];

    /// <summary>The regions that take its writes, in region order.</summary>
    public IReadOnlyList<RegionId> Writers { get; private init; } = [];

    /// <summary>The regions that answer its reads, in region order.</summary>
    public IReadOnlyList<RegionId> Readers { get; private init; } = [];

    /// <summary>The regions that take its batches and snapshots, in region order.</summary>
    public IReadOnlyList<RegionId> Holders { get; private init; } = [];

    /// <summary>The regions that tell each other what they hold of it, in region order: all that do not erase it.</summary>
    public IReadOnlyList<RegionId> Keepers { get; private init; } = [];

    /// <summary>What a region does for the tenant; null for nothing.</summary>
    /// <param name="region">The region.</param>
    public MemberStanding? StandingOf(RegionId region) => MemberIn(region)?.Standing;

    /// <summary>What a region does for the tenant, and since when; null for nothing.</summary>
    /// <param name="region">The region.</param>
    public TenantMember? MemberIn(RegionId region)
    {
        for (var place = 0; place < Members.Count; place++)
        {
            if (Members[place].Region == region)
                return Members[place];
        }
        return null;
    }

    /// <summary>How far the origin log of a region went in a shard when the region left; nothing for one that never did.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    public OriginMark DepartedMarkOf(RegionId region, ShardId shard)
    {
        for (var place = 0; place < Departed.Count; place++)
        {
            if (Departed[place].Region == region)
                return Departed[place].Shards[shard.Number];
        }
        return default;
    }

    /// <summary>The region that answers for items at home in a region.</summary>
    /// <param name="home">The home that the items name.</param>
    public RegionId AnswersFor(RegionId home)
    {
        for (var place = 0; place < Homes.Count; place++)
        {
            if (Homes[place].Region == home)
                return Homes[place].Answers;
        }
        return home;
    }

    /// <summary>
    /// The region that answers for items at home in a region now: the one that the table names, or the first that answers reads
    /// where that one does not. So every item has one region that lists it, whatever home its record names.
    /// </summary>
    /// <param name="home">The home that the items name.</param>
    /// <returns>The region; null if none answers reads.</returns>
    public RegionId? ReaderFor(RegionId home)
    {
        var answers = AnswersFor(home);
        return Readers.Contains(answers) ? answers : Readers.Count > 0 ? Readers[0] : null;
    }

    private static RegionId[] RegionsIn(IReadOnlyList<TenantMember> members, Func<MemberStanding, bool> stands) =>
        [.. members.Where(member => stands(member.Standing)).Select(member => member.Region).Order()];
}
