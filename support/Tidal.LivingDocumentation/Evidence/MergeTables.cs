using System.Globalization;
using Tidal.Crdt;
using Tidal.LivingDocumentation.Records;
using Tidal.Replication.Reconciling;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>By which plans regions came to agree: the first that shipped something, and what it came to over all. Bounded.</summary>
internal static class MergeTables
{
    private const int PlansMax = 3;
    private const int RowsMax = 10;

    /// <summary>The tables; none where no region had to take anything.</summary>
    public static IEnumerable<Evidence> Of(ClusterUnderTest cluster)
    {
        var reports = cluster.History.Reconciliations.Where(report => report.RecordsTaken + report.RecordsGiven > 0 || report.HidesChanged > 0).ToList();
        var plans = reports.Select(report => report.Plan).Distinct().ToList();
        if (plans.Count == 0)
            yield break;
        yield return Totals(cluster, reports, plans);
        foreach (var plan in plans.Take(PlansMax))
        {
            foreach (var table in TablesOf(cluster, plan))
                yield return table;
        }
    }

    private static Table Totals(ClusterUnderTest cluster, List<ReconciliationReport> reports, List<MergePlan> plans)
    {
        var names = cluster.Topology;
        var rows = Heal.Of(reports).Take(RowsMax).Select(IReadOnlyList<string> (heal) => [
            $"{names.NameOf(heal.First)} and {names.NameOf(heal.Second)}", Number((ulong)heal.Shards), Number(heal.RecordsShipped), Number((ulong)heal.RecordsVoided),
            Number((ulong)heal.HidesResolved), Number((ulong)heal.Interruptions), Milliseconds(heal.Took),
        ]).ToList();
        var shipped = Heal.RecordsShippedBy(reports);
        var summary = $"{EventWords.Count(plans.Count, "plan")} in all, by which regions took {EventWords.Count(shipped, "record")} that they lacked.";
        return new Table("How the regions came to agree", summary, ["regions", "shards", "records taken", "voided", "hides resolved", "interrupted", "took"], rows);
    }

    private static IEnumerable<Table> TablesOf(ClusterUnderTest cluster, MergePlan plan)
    {
        var (first, second) = (cluster.Topology.NameOf(plan.First), cluster.Topology.NameOf(plan.Second));
        var title = $"The plan of {first} and {second} for shard {plan.Shard.Number}{(cluster.Tenants.Skip(1).Any() ? $" of {cluster.NameOf(plan.Tenant)}" : "")}";
        var summary = $"{first} lacks {EventWords.Count(plan.RecordsFor(plan.First), "record")}, {second} lacks {EventWords.Count(plan.RecordsFor(plan.Second), "record")}.";
        yield return new Table(
            title, summary, ["written in", $"{first} holds", $"{second} holds", "to ship"],
            [.. plan.Origins.Take(RowsMax).Select(origin => OriginOf(plan, origin, cluster.Topology.NameOf))]);
        if (plan.Negatives.Count > 0)
            yield return new Table(
                $"{title}: what users hide", "Hidden wins wherever the later word is not its undoing.", ["user", "target", $"{first} knows", $"{second} knows", "resolves to"],
                [.. plan.Negatives.Take(RowsMax).Select(NegativeOf)]);
        if (plan.Operations.Count > 0)
            yield return new Table(
                $"{title}: written more than once", "Of each operation one record counts.", ["operation", "accepted in", "counts"],
                [.. plan.Operations.Take(RowsMax).Select(operation => OperationOf(operation, cluster.Topology.NameOf))]);
    }

    private static string[] OriginOf(MergePlan plan, OriginMerge origin, Func<RegionId, string> nameOf)
    {
        var ranges = new[] { plan.First, plan.Second }.Where(region => origin.Ships && plan.HeldBy(region, origin) < origin.To)
            .Select(region => $"{Number(plan.HeldBy(region, origin) + 1)} to {Number(origin.To)} to {nameOf(region)}").ToList();
        var shipped = origin.Means == MergeMeans.Diverged ? "nothing: they differ under one number"
            : ranges.Count == 0 ? "nothing" : $"{string.Join(", ", ranges)} {(origin.Means == MergeMeans.Snapshot ? "as a snapshot" : "as batches")}";
        return [nameOf(origin.Origin), Number(origin.HeldByFirst), Number(origin.HeldBySecond), shipped];
    }

    private static string[] NegativeOf(NegativeMerge negative) =>
        [negative.Key.User.Value, negative.Key.Target.Target, KnownOf(negative.First), KnownOf(negative.Second), negative.Resolved.IsHidden ? "hidden" : "shown"];

    private static string KnownOf(HardNegativeRegister register) => register == default ? "nothing" : register.IsHidden ? "hidden" : "undone";

    private static string[] OperationOf(OperationMerge operation, Func<RegionId, string> nameOf) =>
        [$"{operation.Identity}", string.Join(", ", operation.Copies.Select(copy => nameOf(copy.Region))), $"the one of {nameOf(operation.Counts.Region)}"];

    private static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms");
}
