using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// Carries out a plan on one shard's state by a scan over its items, with a bounded list of the best. Not safe for use by
/// several threads.
/// </summary>
public sealed class ShardQueryExecutor
{
    private readonly BestItems _best = new();

    /// <summary>Carries out a plan.</summary>
    /// <param name="state">The tenant's state in the shard.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="home">Only items at home in this region; null for all.</param>
    public ShardAnswer Execute(TenantState state, RetrievePlan plan, RegionId? home)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(plan);
        long considered = 0;
        long left = 0;
        _best.Begin(plan.Limit, plan.MaxPerCreator);
        foreach (var item in state.Items)
        {
            considered++;
            if (!Passes(item, plan, home) || !IsShown(item, state, plan))
                continue;
            var ranked = new RankedItem(item.Item, ScoreOf(item, plan));
            if (ranked.Score <= 0 || (plan.After is { } last && ranked.CompareTo(last) <= 0))
                continue;
            left++;
            _best.Offer(ranked with { FirstRecord = item.FirstRecord!.Value, Creator = CreatorOf(item, plan) });
        }
        return new ShardAnswer(_best.Take(), considered, left);
    }

    private static bool Passes(ItemState item, RetrievePlan plan, RegionId? home)
    {
        // An item whose record has not arrived is counted but not listed: its home is not known.
        if (!item.IsListed || (home is not null && item.Home != home) || plan.Excluded.Contains(item.Item))
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
