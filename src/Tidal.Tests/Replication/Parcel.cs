using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>What is under way between two replicas: a message of the group, or (when that is null) a beat.</summary>
internal sealed record Parcel(ReplicaId From, ReplicaId To, Message? Message, ShardBeat Beat)
{
    public static string NameOf(ReplicaId replica) => $"{(char)('A' + replica.Number)}";

    public override string ToString() => $"{NameOf(From)} to {NameOf(To)}: " + Message switch
    {
        null => $"beat of epoch {Beat.Epoch}{(Beat.IsPrimary ? ", primary" : "")}, commit {Beat.CommitIndex}, match {Beat.MatchIndex}",
        VoteRequest vote => $"{(vote.IsPreVote ? "pre-" : "")}vote for epoch {vote.Epoch}? last {vote.LastIndex} of epoch {vote.LastEpoch}",
        VoteReply vote => $"{(vote.IsPreVote ? "pre-" : "")}vote for epoch {vote.Epoch} {(vote.Granted ? "given" : "refused")}",
        AppendEnvelopes append => $"append in epoch {append.Epoch} after {append.PreviousIndex} of epoch {append.PreviousEpoch}: " +
            $"{append.Envelopes.Count} envelopes, commit {append.CommitIndex}",
        AppendReply reply => $"append in epoch {reply.Epoch} {(reply.Accepted ? "taken" : "refused")}, index {reply.Index}",
        InstallSnapshot install => $"checkpoint of index {install.Index} in epoch {install.Epoch}: {install.Bytes.Length} bytes at {install.Offset} of {install.TotalBytes}",
        InstallProgress progress => $"wants the checkpoint of index {progress.Index} from {progress.Offset} on",
        _ => Message.ToString(),
    };
}
