using Tidal.LivingDocumentation.Drawing;
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
        HistoryKind.ClientTold => $"client in {topology.NameOf(line.Place.Region)}: {line.Event.Operation} {EventWords.Of((WriteOutcomeKind)line.Event.Number)}",
        _ => $"{EventWords.PlaceOf(line.Place, topology)}: {EventWords.Of(line.Place, line.Event, topology)}{EpochOf(line.Event)}",
    };

    private static string EpochOf(in ReplicaEvent happened) =>
        happened.Kind is ReplicaEventKind.BecamePrimary or ReplicaEventKind.PrimaryReady ? "" : $" (epoch {happened.Epoch})";
}
