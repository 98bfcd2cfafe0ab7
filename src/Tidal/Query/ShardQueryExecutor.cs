using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// Carries out a plan on one shard's state by a scan over its items, with a bounded list of the best. Not safe for use by
/// several threads.
/// </summary>
public sealed class ShardQueryExecutor
{
    private readonly RegionId _region;
    private readonly BestItems _best = new();

    /// <summary>An executor of one replica.</summary>
    /// <param name="region">The region that it answers for.</param>
    public ShardQueryExecutor(RegionId region) => _region = region;

    /// <summary>Carries out a plan.</summary>
    /// <param name="state">The tenant's state in the shard.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="homes">Only items at home in one of these regions; null for all.</param>
    public ShardAnswer Execute(TenantState state, RetrievePlan plan, IReadOnlyList<RegionId>? homes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(plan);
        var ofHomes = homes is null ? ulong.MaxValue : SetOf(homes);
        long considered = 0;
        long left = 0;
        _best.Begin(plan.Limit, plan.MaxPerCreator);
        foreach (var item in state.Items)
        {
            considered++;
            if (!Passes(item, plan, ofHomes) || !IsShown(item, state, plan))
                continue;
            var ranked = new RankedItem(item.Item, ScoreOf(item, plan));
            if (ranked.Score <= 0 || (plan.After is { } last && ranked.CompareTo(last) <= 0))
                continue;
            left++;
            _best.Offer(ranked with { Home = _region, FirstRecord = item.FirstRecord!.Value, Creator = CreatorOf(item, plan) });
        }
        return new ShardAnswer(_best.Take(), considered, left);
    }

    // A cluster has at most 64 regions.
    private static ulong SetOf(IReadOnlyList<RegionId> regions)
    {
        ulong set = 0;
        foreach (var region in regions)
            set |= 1UL << region.Ordinal;
        return set;
    }

    private static bool Passes(ItemState item, RetrievePlan plan, ulong homes)
    {
        // An item whose record has not arrived is counted but not listed: its home is not known.
        if (!item.IsListed || (homes >> item.Home!.Value.Ordinal & 1) == 0 || plan.Excluded.Contains(item.Item))
            return false;
        foreach (var filter in plan.Filters)
        {
            if (item.Attribute(filter.Key) != filter.Value)
                return false;
        }
        return true;
    }

    private static bool IsShown(ItemState item, TenantState state, RetrievePlan plan) =>
        plan.User is not { } user
        || (!plan.Hidden.Hides(item.Item, CreatorOf(item, plan)) && !(plan.Unseen && state.HasSeen(user, item.Item)));

    private static double ScoreOf(ItemState item, RetrievePlan plan) => plan.Profile switch
    {
        RankingProfile.New => item.HasSignalsIn(plan.Scope) || plan.Scope == CohortScope.Everyone ? item.CreatedMilliseconds : 0,
        RankingProfile.Top => Sum(item, plan, static (state, plan) => state.Count(plan.Window, plan.ReadTimeMilliseconds)),
        _ => Sum(item, plan, static (state, plan) => state.DecayScore(plan.ReadTimeMilliseconds)),
    };

    private static double Sum(ItemState item, RetrievePlan plan, Func<CrdtSignalState, RetrievePlan, double> read)
    {
        double sum = 0;
        foreach (var term in plan.Terms)
        {
            if (item.Signals(term.Signal, plan.Scope) is { } state)
                sum += term.Weight * read(state, plan);
        }
        return sum;
    }

    // An empty name is no creator: nobody has made all those items. With a user it is told even if nothing is hidden yet: a
    // region whose hides come late may name the creator.
    private static string? CreatorOf(ItemState item, RetrievePlan plan) =>
        plan.NeedsCreators && item.Attribute(RetrievePlan.CreatorAttribute) is { Length: > 0 } creator ? creator : null;
}
