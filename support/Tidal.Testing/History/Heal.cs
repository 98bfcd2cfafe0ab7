using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Testing.History;

/// <summary>Two regions that came to agree after they could not hear each other, over all their shards. Immutable.</summary>
public sealed record Heal
{
    /// <summary>What begins so soon after the end of the one before is of the same heal.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    /// <summary>The one region: the first in region order.</summary>
    public required RegionId First { get; init; }

    /// <summary>The other.</summary>
    public required RegionId Second { get; init; }

    /// <summary>What the primaries of either region reported, in order of the plans.</summary>
    public required IReadOnlyList<ReconciliationReport> Reports { get; init; }

    /// <summary>When the first plan was made, since the simulation began.</summary>
    public TimeSpan Began => Reports[0].Began;

    /// <summary>From the first plan until both had committed all of the last one.</summary>
    public TimeSpan Took => Reports.Max(report => report.Began + report.Took) - Began;

    /// <summary>Shards that differed.</summary>
    public int Shards => Reports.Select(report => report.Plan.Shard).Distinct().Count();

    /// <summary>How often a plan was broken off and made anew.</summary>
    public int Interruptions => Reports.Max(report => report.Interruptions);

    /// <summary>Hard negatives that the two knew differently.</summary>
    public int HidesResolved => Reports
        .SelectMany(report => report.Plan.Negatives.Select(negative => (report.Plan.Tenant, report.Plan.Shard, negative.Key))).Distinct().Count();

    /// <summary>Records that one of the two lacked and took.</summary>
    public ulong RecordsShipped => RecordsShippedBy(Reports);

    /// <summary>Records that do not count, because another one of their operation does.</summary>
    public int RecordsVoided => RecordsVoidedBy(Reports);

    /// <summary>The heals that reports tell of, in order of their beginning.</summary>
    /// <param name="reports">The reports, of any regions and shards.</param>
    public static IReadOnlyList<Heal> Of(IEnumerable<ReconciliationReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var heals = reports.GroupBy(report => (report.Plan.First, report.Plan.Second))
            .SelectMany(pair => Split(pair.OrderBy(report => report.Began).ThenBy(report => report.Plan.Shard).ThenBy(report => report.Region)));
        return [.. heals.OrderBy(heal => heal.Began).ThenBy(heal => heal.First).ThenBy(heal => heal.Second)];
    }

    /// <summary>Records that regions lacked and took: one that two regions could have shipped is counted once.</summary>
    /// <param name="reports">What the regions reported.</param>
    public static ulong RecordsShippedBy(IEnumerable<ReconciliationReport> reports)
    {
        var ranges =
            from plan in reports.Select(report => report.Plan)
            from origin in plan.Origins
            where origin.Ships
            from region in new[] { plan.First, plan.Second }
            group (From: plan.HeldBy(region, origin), origin.To) by (plan.Tenant, plan.Shard, region, origin.Origin);
        var (sum, reached) = (0UL, 0UL);
        foreach (var log in ranges)
        {
            reached = 0;
            foreach (var (from, to) in log.Order())
            {
                sum += Math.Max(to, reached) - Math.Max(from, reached);
                reached = Math.Max(to, reached);
            }
        }
        return sum;
    }

    /// <summary>Records that do not count, because another one of their operation does.</summary>
    /// <param name="reports">What the regions reported.</param>
    public static int RecordsVoidedBy(IEnumerable<ReconciliationReport> reports) => reports
        .SelectMany(report => report.Plan.Operations.Select(operation => (report.Plan.Tenant, report.Plan.Shard, operation.Identity, operation.Copies)))
        .GroupBy(operation => (operation.Tenant, operation.Shard, operation.Identity))
        .Sum(operation => operation.SelectMany(plan => plan.Copies).Distinct().Count() - 1);

    private static IEnumerable<Heal> Split(IEnumerable<ReconciliationReport> reports)
    {
        var (heal, end) = (new List<ReconciliationReport>(), TimeSpan.Zero);
        foreach (var report in reports)
        {
            if (heal.Count > 0 && report.Began > end + Gap)
            {
                yield return Over(heal);
                heal = [];
            }
            heal.Add(report);
            end = end > report.Began + report.Took ? end : report.Began + report.Took;
        }
        if (heal.Count > 0)
            yield return Over(heal);
    }

    private static Heal Over(List<ReconciliationReport> reports) =>
        new() { First = reports[0].Plan.First, Second = reports[0].Plan.Second, Reports = reports };
}
