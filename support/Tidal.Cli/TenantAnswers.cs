using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// Makes one answer of those that several tenants gave to one query. A user, a creator and what is hidden are known to one tenant
/// alone: a bound on the items of a creator holds in each tenant's answer.
/// </summary>
internal static class TenantAnswers
{
    /// <summary>Merges answers; one alone stays as it is.</summary>
    /// <param name="answers">The answers, at least one, in order of the tenants.</param>
    /// <param name="limit">The most items wanted.</param>
    public static QueryAnswer Merge(IReadOnlyList<QueryAnswer> answers, int limit) => answers.Count == 1
        ? answers[0]
        : new QueryAnswer([.. answers.SelectMany(answer => answer.Items).Order().Take(limit)], Merge([.. answers.Select(answer => answer.Stats)]));

    // A place answered if it answered every tenant that asked it: the list lacks what another one is missing.
    private static QueryStats Merge(IReadOnlyList<QueryStats> stats)
    {
        var asked = InOrder(stats.SelectMany(part => part.Asked));
        List<MissingShard> missing = [.. stats.SelectMany(part => part.Missing).DistinctBy(part => part.Place).OrderBy(part => Order(part.Place))];
        return new QueryStats
        {
            Asked = asked,
            Answered = [.. asked.Except(missing.Select(part => part.Place))],
            Missing = missing,
            Staleness = [.. stats.SelectMany(part => part.Staleness).GroupBy(part => (part.Place, part.Origin))
                .Select(group => group.MaxBy(part => part.Age)).OrderBy(part => Order(part.Place)).ThenBy(part => part.Origin)],
            HidesUnheard = [.. stats.SelectMany(part => part.HidesUnheard).Distinct().Order()],
            CandidatesConsidered = stats.Sum(part => part.CandidatesConsidered),
            CandidatesLeft = stats.Sum(part => part.CandidatesLeft),
            TimeSpent = stats.Max(part => part.TimeSpent),
        };
    }

    private static List<ShardPlace> InOrder(IEnumerable<ShardPlace> places) => [.. places.Distinct().OrderBy(Order)];

    private static (RegionId, ShardId) Order(ShardPlace place) => (place.Region, place.Shard);
}
