using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;

namespace Tidal.LivingDocumentation;

/// <summary>Lines of a history in words.</summary>
public static class HistoryText
{
    /// <summary>A line, with its time in seconds and its place.</summary>
    /// <param name="line">The line.</param>
    /// <param name="topology">The cluster's, for names.</param>
    public static string Of(in HistoryLine line, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return FormattableString.Invariant($"  {line.TimeMicroseconds / 1e6,12:0.000000} s  {Words(line, topology)}");
    }

    private static string Words(in HistoryLine line, Topology topology) => line.Kind switch
    {
        HistoryKind.FaultBegan or HistoryKind.Returned or HistoryKind.MachineStalled => line.Text,
        HistoryKind.FaultEnded => $"over: {line.Text}",
        HistoryKind.ClientTold => $"client in {topology.NameOf(line.Place.Region)}: {line.Event.Operation} {(WriteOutcomeKind)line.Event.Number}",
        _ => $"{topology.NameOf(line.Place.Region)}/{line.Place.Shard.Number}, replica {line.Place.Replica.Number}: {line.Event.Kind}, epoch {line.Event.Epoch}{NumberOf(line.Event)}",
    };

    private static string NumberOf(in ReplicaEvent happened) => happened.Kind switch
    {
        ReplicaEventKind.Acknowledged => $", {happened.Operation}",
        ReplicaEventKind.ReconciliationPlanned => $", {happened.Number} records missing",
        ReplicaEventKind.ReconciliationDone => $", {happened.Number} records taken",
        ReplicaEventKind.CutTail or ReplicaEventKind.Committed or ReplicaEventKind.Diverged => $", {happened.Number}",
        _ => "",
    };
}
