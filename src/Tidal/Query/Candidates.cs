using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// The items that an executor looks at for one plan: each that passes every condition is scored and the best are kept. Not safe
/// for use by several threads.
/// </summary>
internal sealed class Candidates(RegionId region)
{
    private readonly BestItems _best = new();
    private TenantState _state = null!;
    private RetrievePlan _plan = null!;
    private ulong _homes;
    private long _considered;
    private long _left;

    /// <summary>Begins anew.</summary>
    public void Begin(TenantState state, RetrievePlan plan, IReadOnlyList<RegionId>? homes)
    {
        (_state, _plan, _homes) = (state, plan, homes is null ? ulong.MaxValue : SetOf(homes));
        (_considered, _left) = (0, 0);
        _best.Begin(plan.Limit, plan.MaxPerCreator);
    }

    /// <summary>
    /// Whether nothing of at most a score can change the answer any more: a full list is better, and it is known that there is
    /// more than is listed.
    /// </summary>
    public bool AreBetterThan(double score) => HaveMoreThanListed && _best.Worst.Score > score;

    /// <summary>As <see cref="AreBetterThan(double)"/>, of what has exactly this score at most and then this id at least.</summary>
    public bool AreBetterThan(double score, ItemId item) =>
        HaveMoreThanListed && _best.Worst.CompareTo(new RankedItem(item, score)) < 0;

    private bool HaveMoreThanListed => _best.IsFull && _left > _plan.Limit;

    /// <summary>Looks at an item; at each once.</summary>
    public void Consider(ItemState item)
    {
        _considered++;
        if (!Passes(item) || !IsShown(item))
            return;
        var ranked = new RankedItem(item.Item, ScoreOf(item));
        if (ranked.Score <= 0 || (_plan.After is { } last && ranked.CompareTo(last) <= 0))
            return;
        _left++;
        if (_best.IsFull && ranked.CompareTo(_best.Worst) > 0)
            return;
        _best.Offer(ranked with { Home = region, FirstRecord = item.FirstRecord!.Value, Creator = CreatorOf(item) });
    }

    /// <summary>The answer.</summary>
    public ShardAnswer Take()
    {
        (_state, _plan) = (null!, null!);
        return new ShardAnswer(_best.Take(), _considered, _left);
    }

    // A cluster has at most 64 regions.
    private static ulong SetOf(IReadOnlyList<RegionId> regions)
    {
        ulong set = 0;
        foreach (var region in regions)
            set |= 1UL << region.Ordinal;
        return set;
    }

    private bool Passes(ItemState item)
    {
        // An item whose record has not arrived is counted but not listed: its home is not known.
        if (!item.IsListed || (_homes >> item.Home!.Value.Ordinal & 1) == 0 || (_plan.Excluded.Count > 0 && _plan.Excluded.Contains(item.Item)))
            return false;
        for (var place = 0; place < _plan.Filters.Count; place++)
        {
            if (item.Attribute(_plan.Filters[place].Key) != _plan.Filters[place].Value)
                return false;
        }
        return true;
    }

    private bool IsShown(ItemState item) =>
        _plan.User is not { } user
        || (!_plan.Hidden.Hides(item.Item, CreatorOf(item)) && !(_plan.Unseen && _state.HasSeen(user, item.Item)));

    private double ScoreOf(ItemState item) => _plan.Profile switch
    {
        RankingProfile.New => _plan.Scope == CohortScope.Everyone || item.HasSignalsIn(_plan.Scope) ? item.CreatedMilliseconds : 0,
        _ => SumOf(item),
    };

    // The order of additions decides the last bit; the bound of what was not looked at is added up in the same one.
    private double SumOf(ItemState item)
    {
        double sum = 0;
        for (var place = 0; place < _plan.Terms.Count; place++)
        {
            var term = _plan.Terms[place];
            if (item.Signals(term.Signal, _plan.Scope) is { } cell)
                sum += term.Weight * Read(cell);
        }
        return sum;
    }

    private double Read(CrdtSignalState cell) => _plan.Profile == RankingProfile.Top
        ? cell.Count(_plan.Window, _plan.ReadTimeMilliseconds)
        : cell.DecayScore(_plan.ReadTimeMilliseconds);

    // An empty name is no creator: nobody has made all those items. With a user it is told even if nothing is hidden yet: a
    // region whose hides come late may name the creator.
    private string? CreatorOf(ItemState item) =>
        _plan.NeedsCreators && item.Attribute(RetrievePlan.CreatorAttribute) is { Length: > 0 } creator ? creator : null;
}
