using System.Globalization;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>What happens in a cluster, and where, in the words of the features.</summary>
internal static class EventWords
{
    /// <summary>A shard of a region.</summary>
    public static string PlaceOf(Address place, Topology topology) =>
        place.IsNode ? $"node {place.Replica.Number} of {topology.NameOf(place.Region)}"
        : place.IsGateway || place.IsControlPlane ? topology.NameOf(place.Region)
        : $"{topology.NameOf(place.Region)}/{place.Shard.Number}";

    /// <summary>What happened inside a replica.</summary>
    public static string Of(Address place, in ReplicaEvent happened, Topology topology) => happened.Kind switch
    {
        ReplicaEventKind.SnapshotArriving => $"a part of a snapshot from {topology.NameOf(happened.Region)} is there",
        ReplicaEventKind.SnapshotMerged => $"a snapshot from {topology.NameOf(happened.Region)} is taken in",
        ReplicaEventKind.BatchRefused => "a damaged batch of another region is refused",
        ReplicaEventKind.Diverged => $"other records than {topology.NameOf(happened.Region)} sends under the same numbers: it takes no more of them",
        ReplicaEventKind.ReconciliationPlanned => $"a plan how to agree with {topology.NameOf(happened.Region)}: {Count(happened.Number, "record")} missing here",
        ReplicaEventKind.ReconciliationDone => $"agrees with {topology.NameOf(happened.Region)}: {Count(happened.Number, "record")} taken here",
        ReplicaEventKind.Sealed => $"the log of what {topology.NameOf(place.Region)} accepts of a tenant is ended",
        ReplicaEventKind.Reopened => $"the log of what {topology.NameOf(place.Region)} accepts of a tenant goes on",
        _ => $"replica {place.Replica.Number} {Deed(happened)}",
    };

    /// <summary>How a try of a write ended.</summary>
    public static string Of(WriteOutcomeKind outcome) => outcome switch
    {
        WriteOutcomeKind.Acknowledged => "acknowledged",
        WriteOutcomeKind.Refused => "refused",
        _ => "outcome unknown",
    };

    /// <summary>How far the move of a tenant is.</summary>
    public static string Of(MigrationStep step) => step switch
    {
        MigrationStep.PreparingTarget => "the new region takes everything in",
        MigrationStep.DualWrite => "old and new region take writes",
        MigrationStep.Finalizing => "the old region ends its log and hands over",
        MigrationStep.Complete => "the old region erases its bytes",
        _ => "where it is wanted",
    };

    /// <summary>Why a shard's part is missing from an answer.</summary>
    public static string Of(MissingReason reason) => reason switch
    {
        MissingReason.NoAnswer => "no answer",
        MissingReason.NoPrimary => "no replica could take the question",
        MissingReason.Hides => "what the user hides was not told in time",
        MissingReason.BehindSession => "behind what the user's session has seen",
        _ => "the tenant moved meanwhile",
    };

    /// <summary>A number and its noun.</summary>
    public static string Count(ulong number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A number and its noun.</summary>
    public static string Count(int number, string noun) => Count((ulong)number, noun);

    private static string Deed(in ReplicaEvent happened) => happened.Kind switch
    {
        ReplicaEventKind.BecamePrimary => $"is elected primary, epoch {happened.Epoch}",
        ReplicaEventKind.PrimaryReady => $"is the primary, epoch {happened.Epoch}",
        ReplicaEventKind.SteppedDown => "is primary no more",
        ReplicaEventKind.CutTail => "cuts off what was never committed",
        ReplicaEventKind.BecameVoter => "has its vote again",
        ReplicaEventKind.Checkpointed => "has written a checkpoint",
        ReplicaEventKind.SnapshotInstalled => "takes over its primary's checkpoint in place of its own log",
        ReplicaEventKind.SnapshotRefused => "refuses a damaged snapshot",
        ReplicaEventKind.Committed => $"has committed up to record {happened.Number}",
        ReplicaEventKind.Acknowledged => $"acknowledges {happened.Operation}",
        ReplicaEventKind.Erased => "has erased a tenant that moved away",
        ReplicaEventKind.HandingOver => $"hands over to replica {happened.Number}",
        ReplicaEventKind.HandOverGivenUp => "stays the primary: its heir did not come level in time",
        _ => "tells something that has no words yet",
    };
}
