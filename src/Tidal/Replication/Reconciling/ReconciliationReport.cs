using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>What a region did to come to hold the same as another. Immutable and safe to share between threads.</summary>
/// <param name="Region">The region that tells.</param>
/// <param name="Peer">The other one.</param>
/// <param name="Plan">All that was to be done: where it was interrupted, that of all plans together.</param>
/// <param name="Interruptions">How often it was broken off and planned anew from where it had come.</param>
/// <param name="Began">When the first plan was made, since the machine's clock began.</param>
/// <param name="Took">From the first plan until both had committed all of it.</param>
public sealed record ReconciliationReport(
    RegionId Region, RegionId Peer, MergePlan Plan, int Interruptions, TimeSpan Began, TimeSpan Took)
{
    /// <summary>Records that the region lacked and took.</summary>
    public ulong RecordsTaken => Plan.RecordsFor(Region);

    /// <summary>Records that the other lacked and took.</summary>
    public ulong RecordsGiven => Plan.RecordsFor(Peer);

    /// <summary>Origin logs of which the region, or the other, took something as a snapshot.</summary>
    public int Snapshots => Plan.Origins.Count(origin => origin.Means == MergeMeans.Snapshot);

    /// <summary>Hard negatives that hide something here from now on, or hide it no more.</summary>
    public int HidesChanged => Plan.Negatives.Count(negative =>
        (Region == Plan.First ? negative.First : negative.Second).IsHidden != negative.Resolved.IsHidden);

    /// <summary>Records that do not count, because another one of their operation does.</summary>
    public int RecordsVoided => Plan.Operations.Sum(operation => operation.Copies.Count - 1);

    /// <summary>The report as one line.</summary>
    /// <param name="topology">Names the regions.</param>
    public string ToText(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var interrupted = Interruptions == 0 ? "" : $", interrupted {Count(Interruptions, "time")}";
        return FormattableString.Invariant(
            $"{topology.NameOf(Region)} agrees with {topology.NameOf(Peer)} on shard {Plan.Shard.Number}: took {Count(RecordsTaken, "record")}, gave {RecordsGiven:N0}, {MeansText}, {Count(HidesChanged, "hide")} changed, {Count(RecordsVoided, "record")} voided, in {Took.TotalMilliseconds:0} ms{interrupted}");
    }

    private string MeansText => Snapshots == 0 ? "by batches" : $"{Count(Snapshots, "origin")} by snapshot";

    private static string Count(ulong count, string noun) => FormattableString.Invariant($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Count(int count, string noun) => Count((ulong)count, noun);
}
