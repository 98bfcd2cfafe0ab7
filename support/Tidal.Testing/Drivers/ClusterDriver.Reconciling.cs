using Tidal.Replication;
using Tidal.Replication.Reconciling;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Drivers;

// Regions that come to agree after a partition.
public sealed partial class ClusterDriver
{
    private static readonly TimeSpan AgreementLookedAtEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the regions agree: every shard is the same to the bit in each, and no plan is left to be carried out.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <returns>Whether they do.</returns>
    public bool AgreeWithin(TimeSpan bound)
    {
        if (!Cluster.RunUntil(RegionsAgree, bound, AgreementLookedAtEvery))
            return false;
        NoteAgreement();
        return true;
    }

    /// <summary>The plan between two regions for the shard of an item, by what their primaries hold now.</summary>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    /// <param name="item">The item.</param>
    public MergePlan PlanBetween(string first, string second, string item) => Cluster.Look(() =>
    {
        var (one, other) = (PrimaryOf(item, first), PrimaryOf(item, second));
        var offer = one.StateBeyond(other.StateOfMarks(Tenant));
        var answer = other.StateBeyond(offer);
        return ReconciliationEngine.Plan(one.StateCompleted(offer, answer), answer);
    });

    /// <summary>What a plan says of each origin log, as its table tells it.</summary>
    /// <param name="plan">The plan.</param>
    public IEnumerable<string[]> OriginsOf(MergePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.ToText(Cluster.Topology).Split('\n').Skip(2).TakeWhile(line => line.Length > 0)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <summary>Heals every partition, and lets time pass until two regions both have a plan for the shard of an item.</summary>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    /// <param name="item">The item.</param>
    public void HealUntilPlanned(string first, string second, string item)
    {
        // What is planned is not carried out before it is seen: real time does not wait for a look.
        using var there = new HeldUpSegments(Cluster, Region(first), Region(second));
        using var back = new HeldUpSegments(Cluster, Region(second), Region(first));
        Heal();
        bool Plans(string region, string other) =>
            Cluster.PrimaryOf(Region(region), ShardOf(item))?.MergePlans.Any(plan => plan.First == Region(other) || plan.Second == Region(other)) == true;
        if (!Cluster.RunUntil(() => Plans(first, second) && Plans(second, first), Patience))
            throw new TimeoutException($"{first} and {second} have no plan for the shard of {item} after {Patience}.");
    }

    /// <summary>Waits until two regions have both reported how they came to agree on the shard of an item, since the last heal if there was one.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="first">The one region.</param>
    /// <param name="second">The other.</param>
    /// <param name="item">The item.</param>
    /// <returns>The last report of each.</returns>
    public IReadOnlyList<ReconciliationReport> ReportsWithin(TimeSpan bound, string first, string second, string item)
    {
        // In real time regions may have had to agree before: their primaries were not elected in one moment.
        ReconciliationReport? ReportOf(string region, string peer) => Cluster.History.Reconciliations.Skip(_reportsBeforeHeal).LastOrDefault(report =>
            report.Region == Region(region) && report.Peer == Region(peer) && report.Plan.Shard == ShardOf(item));
        Cluster.RunUntil(() => ReportOf(first, second) is not null && ReportOf(second, first) is not null, bound);
        return [.. new[] { ReportOf(first, second), ReportOf(second, first) }.OfType<ReconciliationReport>()];
    }

    /// <summary>A report as the row of a table, by the names of its columns.</summary>
    /// <param name="report">The report.</param>
    public IReadOnlyDictionary<string, string> ColumnsOf(ReconciliationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new Dictionary<string, string>
        {
            ["region"] = Cluster.Topology.NameOf(report.Region),
            ["records taken"] = $"{report.RecordsTaken}",
            ["records given"] = $"{report.RecordsGiven}",
            ["records voided"] = $"{report.RecordsVoided}",
            ["hides changed"] = $"{report.HidesChanged}",
            ["interrupted"] = $"{report.Interruptions}",
        };
    }

    /// <summary>Cuts a region off again and again while signals are sent in each region; each is acknowledged at its first try.</summary>
    /// <param name="region">The region.</param>
    /// <param name="times">How often.</param>
    /// <param name="each">For how long each time, and for how long it is back before the next.</param>
    /// <param name="signals">The signals, in all, for each region.</param>
    public void Flap(string region, int times, TimeSpan each, SignalsSent signals)
    {
        for (var time = 0; time < times; time++)
        {
            Isolate(region);
            SendInEachRegion(signals, times);
            Pass(each);
            Heal();
            Pass(each);
        }
    }

    /// <summary>Plans made so far, by either side of each two regions.</summary>
    public int PlansMade => Cluster.History.Lines.Count(line => line.Event.Kind == ReplicaEventKind.ReconciliationPlanned);

    private void SendInEachRegion(SignalsSent signals, int parts)
    {
        ArgumentNullException.ThrowIfNull(signals);
        foreach (var name in Cluster.Topology.Regions.Select(Cluster.Topology.NameOf))
            Send(signals with { Region = name, Number = signals.Number / parts });
    }

    private bool RegionsAgree() => Cluster.Look(() => Cluster.Topology.Shards.All(shard =>
    {
        var primaries = Cluster.HoldersOf(Tenant).Select(region => Cluster.PrimaryOf(region, shard)).ToList();
        return primaries.TrueForAll(primary => primary is not null && !primary.MergePlans.Any())
            && primaries.Select(primary => primary!.State.Digest(Tenant)).Distinct().Count() == 1;
    }));
}
