using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// Carries out a plan on one shard's state: by the heads of rank indexes where they are enough, by a scan over the items where
/// they are not. Both list the same, to the bit. Not safe for use by several threads.
/// </summary>
public sealed class ShardQueryExecutor
{
    private readonly Candidates _candidates;
    private readonly ThresholdMerge _heads = new();

    /// <summary>An executor of one replica.</summary>
    /// <param name="region">The region that it answers for.</param>
    public ShardQueryExecutor(RegionId region) => _candidates = new Candidates(region);

    /// <summary>Carries out a plan.</summary>
    /// <param name="state">The tenant's state in the shard.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="homes">Only items at home in one of these regions; null for all.</param>
    public ShardAnswer Execute(TenantState state, RetrievePlan plan, IReadOnlyList<RegionId>? homes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(plan);
        _candidates.Begin(state, plan, homes);
        if (ThresholdMerge.IsFor(state, plan) && _heads.TryRank(state, plan, _candidates))
            return _candidates.Take();
        _candidates.Begin(state, plan, homes);
        foreach (var item in state.Items)
            _candidates.Consider(item);
        return _candidates.Take();
    }
}
