using Tidal.Log;
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

/// <summary>
/// A write of one record: in the gateway's own region if that takes the tenant's writes, else in the first that does. A try
/// that was refused because the tenant has moved was never appended, so that region does not count as left; each region is
/// entered in the operation's attempts before it is tried (PROTOCOL 12).
/// </summary>
internal sealed class WriteRoute(
    Gateway gateway, ClientCall call, LogRecord record, ShardId shard, OperationAttempts? attempts, Action<WriteResult> done)
    : RegionRoute(gateway, call, shard)
{
    private WriteResult _refusal = WriteResult.Refused(RefusalReason.NotPrimary);

    /// <summary>The record as it was sent last.</summary>
    public LogRecord Record { get; private set; } = record;

    protected override RegionId? Choose(IReadOnlyList<RegionId> left) => Gateway.Regions.WriterFor(Call.Tenant, Gateway.NowMicroseconds, left);

    protected override void Ask(ShardPlace place, long leaveMicroseconds)
    {
        var attempt = Record.Attempt;
        if (attempts?.TryBegin(place.Region, out attempt) == false)
        {
            done(WriteResult.Refused(RefusalReason.TooManyAttempts));
            return;
        }
        Record = Record with { Attempt = attempt };
        new WriteTask(Gateway, this, Call, place) { LeaveMicroseconds = leaveMicroseconds }.Ask();
    }

    protected override void GiveUp() => done(_refusal);

    /// <summary>The try has its outcome.</summary>
    public void OnResult(RegionId region, WriteResult result)
    {
        attempts?.Ended(region, result.Outcome);
        if (result.Refusal == RefusalReason.NotEnoughReplicas && MayLeave(region))
        {
            _refusal = result;
            LeaveFor(region);
        }
        else
        {
            done(result);
        }
    }

    /// <summary>The try was refused: the tenant has moved.</summary>
    public void OnMoved(RegionId region)
    {
        attempts?.Ended(region, WriteOutcomeKind.Refused);
        Begin();
    }
}
