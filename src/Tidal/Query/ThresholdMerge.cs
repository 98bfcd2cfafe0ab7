using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// The best items of a plan by the heads of rank indexes: the threshold algorithm of Fagin, Lotem and Naor ("Optimal
/// aggregation algorithms for middleware", 2003). Each index is read best first; every item that comes up is scored in full, as
/// a scan would score it; and it is over once what no index has come to yet cannot be better than what is kept. Not safe for
/// use by several threads.
/// </summary>
internal sealed class ThresholdMerge
{
    // Whole numbers up to here are added without rounding.
    private const double ExactMax = 1L << 52;

    private readonly List<RankCursor> _cursors = [];
    private int _open;

    /// <summary>Whether what a plan ranks by is kept in indexes.</summary>
    public static bool IsFor(TenantState state, RetrievePlan plan)
    {
        var indexes = plan.Profile == RankingProfile.New ? 1 : plan.Terms.Count;
        return plan.Window == CountWindow.All && indexes > 0 && indexes <= state.Ranks.Most;
    }

    /// <summary>Looks at the best items until the answer is certain.</summary>
    /// <returns>False if the indexes were used up before: the candidates are not all that there are.</returns>
    public bool TryRank(TenantState state, RetrievePlan plan, Candidates candidates)
    {
        Begin(state, plan);
        var question = state.Ranks.Questions;
        var widest = Widest();
        while (!IsCertain(candidates) && widest is not null)
        {
            var item = widest.Read();
            // Another index may have come to it before.
            if (item.LookedAt != question)
                candidates.Consider(item);
            item.LookedAt = question;
            widest = Widest();
        }
        var isCertain = IsCertain(candidates);
        End();
        return isCertain;
    }

    private void Begin(TenantState state, RetrievePlan plan)
    {
        if (plan.Profile == RankingProfile.New)
        {
            Open(state.Rank(RankOrder.Created, default, CohortScope.Everyone), 1, plan);
            return;
        }
        var order = plan.Profile == RankingProfile.Top ? RankOrder.Count : RankOrder.Score;
        for (var place = 0; place < plan.Terms.Count; place++)
            Open(state.Rank(order, plan.Terms[place].Signal, plan.Scope), plan.Terms[place].Weight, plan);
    }

    private void Open(RankIndex index, double weight, RetrievePlan plan)
    {
        if (_open == _cursors.Count)
            _cursors.Add(new RankCursor());
        _cursors[_open++].Begin(index, weight, plan.ReadTimeMilliseconds);
    }

    private void End()
    {
        while (_open > 0)
            _cursors[--_open].End();
    }

    // Added up in the order in which a score is: of no addend more, the sum is no more either, for rounding takes both the same way.
    private bool IsCertain(Candidates candidates)
    {
        double most = 0;
        for (var place = 0; place < _open; place++)
            most += _cursors[place].Most;
        return most <= 0 || candidates.AreBetterThan(most) || (LowestOf(most) is { } lowest && candidates.AreBetterThan(most, lowest));
    }

    // What scores the most that is left possible, and no index has come to, comes in each of them behind what it came to: of
    // those ids the highest is the lowest that it may have. Null where less than the most may round to it.
    private ItemId? LowestOf(double most)
    {
        ItemId? lowest = null;
        for (var place = 0; place < _open; place++)
        {
            var cursor = _cursors[place];
            if (!cursor.IsExact || most > ExactMax)
                return null;
            if (cursor.Most > 0 && cursor.LowestOfMost is { } next && (lowest is null || next.CompareTo(lowest.Value) > 0))
                lowest = next;
        }
        return lowest;
    }

    // The index that leaves most possible, so that this falls the fastest; null when all are used up.
    private RankCursor? Widest()
    {
        RankCursor? widest = null;
        for (var place = 0; place < _open; place++)
        {
            if (!_cursors[place].IsAtEnd && (widest is null || _cursors[place].Most > widest.Most))
                widest = _cursors[place];
        }
        return widest;
    }
}
