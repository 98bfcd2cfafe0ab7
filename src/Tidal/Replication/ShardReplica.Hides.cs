using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

// What a user hides: read from a confirmed primary only, because a deposed one may not have heard of the last hide.
public sealed partial class ShardReplica
{
    /// <summary>In order of their rounds.</summary>
    private readonly Queue<(ulong Round, Address Gateway, HidesRequest Request)> _waitingReads = new();

    private void AnswerOnceConfirmed(Address gateway, HidesRequest request)
    {
        if (_waitingReads.Count < _settings.Options.ReadsWaitingMax && _raft.AskForConfirmation(_now.MonotonicMicroseconds) is { } round)
            _waitingReads.Enqueue((round, gateway, request));
    }

    private void AnswerConfirmedReads()
    {
        while (_waitingReads.TryPeek(out var read) && read.Round <= _raft.ConfirmedRound)
        {
            _waitingReads.Dequeue();
            Effects.Send(read.Gateway, HidesOf(read.Request));
        }
    }

    private void RefuseWaitingReads()
    {
        while (_waitingReads.TryDequeue(out var read))
        {
            if (!TryHandOn(read.Gateway, read.Request))
                RefuseAsNotPrimary(read.Gateway, read.Request.Try);
        }
    }

    private static bool IsUndo(in LogRecord record) => record is { Kind: RecordKind.HardNegative, IsUndo: true };

    private static string? ProblemOfHardNegative(in LogRecord record)
    {
        if (!Enum.IsDefined(record.TargetKind) || !Enum.IsDefined(record.NegativeKind))
            return $"There is no hard negative of kind {record.NegativeKind} for a target of kind {record.TargetKind}.";
        return record.IsUndo && record.Hlc == HlcTimestamp.Zero
            ? "An undo without the stamp of its gateway cannot be held against the hides made before and after it."
            : null;
    }

    private HidesReply HidesOf(HidesRequest request) => new()
    {
        Try = request.Try,
        Registers = [.. _state.TenantOf(request.Tenant).State.HardNegativesOf(request.User)],
        Marks = MarksOf(request.Tenant),
    };

    /// <summary>How far to hold which origin logs is to hold a record: its own region's, or any that another region may have shipped it in.</summary>
    private OriginNumber[] MarksThatHold(WriteTry tried) => tried.IsHeldElsewhere
        ? MarksOf(tried.Tenant)
        : [new OriginNumber(Self.Region, _state.TenantOf(tried.Tenant).OriginOf(Self.Region).Mark.Number)];

    private OriginNumber[] MarksOf(TenantId tenant) =>
        [.. _state.TenantOf(tenant).Origins.Where(origin => origin.Value.Mark.Number > 0)
            .Select(origin => new OriginNumber(origin.Key, origin.Value.Mark.Number))];
}
