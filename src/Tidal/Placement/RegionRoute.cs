using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Takes one question of a call from region to region, until one has answered it: where the tenant has moved, and, where the
/// gateway's own region does not do it, past a region that cannot. Not safe for use by several threads.
/// </summary>
internal abstract class RegionRoute(Gateway gateway, ClientCall call, ShardId shard)
{
    /// <summary>Regions that had their time: at most all of them.</summary>
    private readonly List<RegionId> _left = [];

    protected Gateway Gateway { get; } = gateway;

    protected ClientCall Call { get; } = call;

    /// <summary>Asks the region that the newest placement names.</summary>
    public void Begin()
    {
        if (Gateway.NowMicroseconds < Call.DeadlineMicroseconds && Choose(_left) is { } region)
            Ask(new ShardPlace(region, shard), LeaveMicroseconds(region));
        else
            GiveUp();
    }

    protected abstract RegionId? Choose(IReadOnlyList<RegionId> left);

    protected abstract void Ask(ShardPlace place, long leaveMicroseconds);

    /// <summary>No region is left to be asked, or no time.</summary>
    protected abstract void GiveUp();

    /// <summary>Goes on to another region.</summary>
    protected void LeaveFor(RegionId region)
    {
        _left.Add(region);
        Gateway.Regions.NoteSilent(region, Gateway.NowMicroseconds);
        Begin();
    }

    /// <summary>Whether there is another region to go to.</summary>
    protected bool MayLeave(RegionId region) => Choose([.. _left, region]) is not null;

    private long LeaveMicroseconds(RegionId region) => MayLeave(region)
        ? Gateway.NowMicroseconds + (long)Gateway.Options.RegionTimeout.TotalMicroseconds
        : long.MaxValue;
}

/// <summary>A read of one shard: in the gateway's own region if that answers the tenant's reads, else in the first that does.</summary>
internal sealed class ReadRoute<TReply>(
    Gateway gateway, ClientCall call, ShardId shard, Func<ulong, GatewayRequest> request, Action<TReply?> done)
    : RegionRoute(gateway, call, shard)
    where TReply : GatewayReply
{
    protected override RegionId? Choose(IReadOnlyList<RegionId> left) => Gateway.Regions.ReaderFor(Call.Tenant, Gateway.NowMicroseconds, left);

    protected override void Ask(ShardPlace place, long leaveMicroseconds) =>
        new ReadTask<TReply>(Gateway, Call, place, request, done, Begin, () => LeaveFor(place.Region)) { LeaveMicroseconds = leaveMicroseconds }.Ask();

    protected override void GiveUp() => done(null);
}

/// <summary>Told of records of a write that all ended alike: each record once.</summary>
/// <param name="part">The part of the call that they are, or were, in.</param>
/// <param name="records">Which.</param>
/// <param name="result">How they ended.</param>
internal delegate void RecordsEnded(WritePart part, RecordSelection records, WriteResult result);

/// <summary>
/// A write of records to one shard: in the gateway's own region if that takes the tenant's writes, else in the first that does. A
/// try that was refused because the tenant has moved was never appended, so that region does not count as left; each region is
/// entered in the operations' attempts before it is tried (PROTOCOL 12).
/// </summary>
internal sealed class WriteRoute(Gateway gateway, ClientCall call, WritePart part, ShardId shard, RecordsEnded ended)
    : RegionRoute(gateway, call, shard)
{
    private WriteResult _refusal = WriteResult.Refused(RefusalReason.NotPrimary);

    /// <summary>What is still to be written, as it was sent last.</summary>
    public WritePart Part { get; private set; } = part;

    protected override RegionId? Choose(IReadOnlyList<RegionId> left) => Gateway.Regions.WriterFor(Call.Tenant, Gateway.NowMicroseconds, left);

    protected override void Ask(ShardPlace place, long leaveMicroseconds)
    {
        if (Part.TryBegin(place.Region))
            new WriteTask(Gateway, this, Call, place) { LeaveMicroseconds = leaveMicroseconds }.Ask();
        else
            End(WriteResult.Refused(RefusalReason.TooManyAttempts));
    }

    protected override void GiveUp() => End(_refusal);

    /// <summary>The try has its outcome, the same for every record.</summary>
    public void OnResult(RegionId region, WriteResult result)
    {
        Part.Ended(region, result.Outcome);
        if (MayLeaveFor(region, result))
            Leave(region, result);
        else
            End(result);
    }

    /// <summary>The try is answered. Records that the region had no quorum for go on alone.</summary>
    public void OnReply(RegionId region, WriteReply reply)
    {
        if (reply.Each is null)
        {
            OnResult(region, reply.Result);
            return;
        }
        Part.Ended(region, reply);
        var (part, leaving) = (Part, new List<int>());
        for (var index = 0; index < part.Records.Count; index++)
        {
            if (MayLeaveFor(region, reply.Each[index]))
                leaving.Add(index);
        }
        if (leaving.Count > 0)
            Part = part.Only(leaving);
        for (var index = 0; index < part.Records.Count; index++)
        {
            if (leaving.BinarySearch(index) < 0)
                ended(part, part.Records.Slice(index, 1), reply.Each[index]);
        }
        if (leaving.Count > 0)
            Leave(region, reply.Each[leaving[0]]);
    }

    /// <summary>The try was refused: the tenant has moved.</summary>
    public void OnMoved(RegionId region)
    {
        Part.Ended(region, WriteOutcomeKind.Refused);
        Begin();
    }

    private bool MayLeaveFor(RegionId region, WriteResult result) => result.Refusal == RefusalReason.NotEnoughReplicas && MayLeave(region);

    private void Leave(RegionId region, WriteResult refusal)
    {
        _refusal = refusal;
        LeaveFor(region);
    }

    private void End(WriteResult result) => ended(Part, Part.Records, result);
}
