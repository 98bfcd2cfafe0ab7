using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Replication.Reconciling;

/// <summary>
/// How one tenant's shard comes to agree with one other region after they could not hear each other. The two tell what they
/// hold in three messages, so that both have the same two states and make the same plan of them; then the shippers ship what
/// the plan says, as they ship everything. It is done when both regions have committed all of it. A partition in the middle
/// leaves it open, and the next contact plans anew from where it had come; so does a new primary on either side, for nothing
/// of this is kept. The first region in region order opens each round. The primary's part; not safe for use by several threads.
/// </summary>
internal sealed class Reconciliation(ShardReplica replica, TenantId tenant, RegionId peer)
{
    private enum Stage
    {
        Idle,
        Wanted,
        Telling,
        Carrying,
    }

    private readonly SortedDictionary<RegionId, ulong> _peerMarks = [];
    private Stage _stage;
    private ReconcileRound _round;
    private ReplicationState? _own;
    private MergePlan? _plan;
    private MergePlan? _whole;
    private (Address From, HlcTimestamp Hlc) _answered;
    private long _wantedMicroseconds;
    private long _plannedMicroseconds;
    private int _interruptions;
    private bool _hasSaidHeld;

    private bool Opens => replica.Self.Region.CompareTo(peer) < 0;

    /// <summary>The plan that is being carried out, if one is.</summary>
    public MergePlan? Plan => _stage == Stage.Carrying ? _plan : null;

    /// <summary>The region's primary says what it holds; after a silence what differs is told and planned.</summary>
    /// <param name="marks">What it says.</param>
    /// <param name="first">The first report of this tenant in it.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="wasSilent">Whether it was not heard for a while before.</param>
    /// <param name="now">The time, monotonic microseconds.</param>
    public void OnMarks(ShipMarks marks, int first, int end, bool wasSilent, long now)
    {
        for (var place = first; place < end; place++)
            _peerMarks[marks.Marks[place].Origin] = marks.Marks[place].Mark.Number;
        if (!marks.IsComplete)
            return;
        if (wasSilent && (_stage != Stage.Idle || Differ(marks, first, end)))
            Begin(now);
        else if (_stage == Stage.Wanted && Opens)
            OpenRound(now);
    }

    /// <summary>Takes a message of the other side.</summary>
    public void OnMessage(Address from, ReconcileMessage message, long now)
    {
        switch (message.Step)
        {
            case ReconcileStep.Request when Opens:
                OnRequest(from, message, now);
                break;
            case ReconcileStep.Offer when !Opens:
                OnOffer(message, now);
                break;
            case ReconcileStep.Answer when Opens:
                OnAnswer(from, message, now);
                break;
            case ReconcileStep.Settle when !Opens && _stage == Stage.Telling && message.Round == _round:
                CarryOut(message.State!, now);
                break;
            case ReconcileStep.Going when _stage == Stage.Idle && IsUnknown(message.Round):
                Begin(now);
                break;
        }
    }

    /// <summary>Says again what may have been lost; to be called with every beat.</summary>
    public void Beat(long now)
    {
        if (!replica.HearsPrimaryOf(peer))
            return;
        if (_stage == Stage.Wanted && !Opens)
            SayRequest();
        else if (_stage == Stage.Telling)
            Say(Opens ? ReconcileStep.Offer : ReconcileStep.Answer, _own);
        else if (_stage == Stage.Carrying)
            Say(ReconcileStep.Going, null);
    }

    /// <summary>Something was committed, here or there: goes on, and ends when both sides have all of it.</summary>
    public void Advance(long now)
    {
        if (_stage != Stage.Carrying)
            return;
        if (!_hasSaidHeld && _plan!.Origins.All(origin => !origin.Ships || Held(origin.Origin) >= origin.To))
            SayHeld();
        if (_plan!.Origins.All(IsDone))
            Finish(now);
        else
            Ask();
    }

    /// <summary>Until when the shipper waits for the plan, so that it is told what there was to ship before it is shipped.</summary>
    public long HeldUntilMicroseconds => _stage is Stage.Wanted or Stage.Telling
        ? _wantedMicroseconds + 2 * replica.Settings.Options.ShipResendMicroseconds
        : long.MinValue;

    private void Begin(long now)
    {
        if (_stage is not (Stage.Wanted or Stage.Telling))
            _wantedMicroseconds = now;
        _stage = Stage.Wanted;
        if (Opens)
            OpenRound(now);
        else
            SayRequest();
    }

    private void OpenRound(long now)
    {
        if (_stage is Stage.Idle or Stage.Carrying)
            _wantedMicroseconds = now;
        var number = _round.Epoch == replica.Raft.Epoch ? _round.Number + 1 : 1;
        _round = new ReconcileRound(replica.Raft.Epoch, number);
        _own = replica.StateBeyond(PeerMarks());
        _stage = Stage.Telling;
        Say(ReconcileStep.Offer, _own);
    }

    private void OnRequest(Address from, ReconcileMessage request, long now)
    {
        // One that was sent before the answer to the round, and came after it, asks for what it has got.
        if (_stage == Stage.Telling || (from == _answered.From && request.Hlc <= _answered.Hlc))
            return;
        foreach (var holding in request.State!.Origins)
            _peerMarks[holding.Origin] = holding.Mark.Number;
        OpenRound(now);
    }

    private void OnOffer(ReconcileMessage offer, long now)
    {
        if (offer.Round.CompareTo(_round) < 0 || (offer.Round == _round && _stage != Stage.Telling))
            return;
        if (offer.Round != _round)
        {
            if (_stage is Stage.Idle or Stage.Carrying)
                _wantedMicroseconds = now;
            _round = offer.Round;
            _own = replica.StateBeyond(offer.State!);
            _stage = Stage.Telling;
        }
        Say(ReconcileStep.Answer, _own);
    }

    private void OnAnswer(Address from, ReconcileMessage answer, long now)
    {
        if (answer.Round != _round)
        {
            if (_stage == Stage.Idle && IsUnknown(answer.Round))
                Begin(now);
            return;
        }
        if (_stage == Stage.Telling)
        {
            _answered = (from, answer.Hlc);
            _own = replica.StateCompleted(_own!, answer.State!);
            Say(ReconcileStep.Settle, _own);
            CarryOut(answer.State!, now);
        }
        else
        {
            Say(ReconcileStep.Settle, _own);
        }
    }

    private void CarryOut(ReplicationState other, long now)
    {
        var plan = ReconciliationEngine.Plan(_own!, other);
        if (_whole is null && plan.IsEmpty)
        {
            _stage = Stage.Idle;
            return;
        }
        if (_whole is null)
            _plannedMicroseconds = now;
        else
            _interruptions++;
        _plan = plan;
        _whole = _whole?.Then(plan, replica.Settings.Options.ReconcileEntriesMax) ?? plan;
        (_stage, _hasSaidHeld) = (Stage.Carrying, false);
        replica.ReportPlanned(peer, plan);
        Advance(now);
    }

    /// <summary>
    /// Asks for what the plan says is missing here and nobody sends by itself: a snapshot, and what a third region has accepted
    /// that is not heard. The other region's own log its shipper sends, for it has the same plan.
    /// </summary>
    private void Ask()
    {
        foreach (var origin in _plan!.Origins)
        {
            if (!origin.Ships || origin.Origin == replica.Self.Region || Held(origin.Origin) >= origin.To)
                continue;
            if (origin.Means == MergeMeans.Snapshot || (origin.Origin != peer && !replica.HearsPrimaryOf(origin.Origin)))
                replica.AskFor(peer, tenant, origin.Origin);
        }
    }

    // The other side waits for it; the next beat would say it too.
    private void SayHeld()
    {
        _hasSaidHeld = true;
        var marks = _plan!.Origins.Select(origin => new MarkReport(tenant, origin.Origin, replica.State.TenantOf(tenant).OriginOf(origin.Origin).Mark));
        replica.SendToPrimaryOf(peer, new ShipMarks { Marks = [.. marks], IsComplete = false });
    }

    private bool IsDone(OriginMerge origin) =>
        !origin.Ships || (Held(origin.Origin) >= origin.To && _peerMarks.GetValueOrDefault(origin.Origin) >= origin.To);

    private void Finish(long now)
    {
        var took = TimeSpan.FromMicroseconds(now - _plannedMicroseconds);
        var report = new ReconciliationReport(
            replica.Self.Region, peer, _whole!, _interruptions, TimeSpan.FromMicroseconds(_plannedMicroseconds), took);
        _stage = Stage.Idle;
        (_plan, _whole, _interruptions) = (null, null, 0);
        replica.ReportReconciled(report);
    }

    // The second region knows of every round that was opened to it; the first of all in its epoch.
    private bool IsUnknown(ReconcileRound round) =>
        Opens ? round.Epoch < replica.Raft.Epoch && round != _round : round.CompareTo(_round) > 0;

    private bool Differ(ShipMarks marks, int first, int end)
    {
        for (var place = first; place < end; place++)
        {
            if (marks.Marks[place].Mark.Number != Held(marks.Marks[place].Origin))
                return true;
        }
        return false;
    }

    private ulong Held(RegionId origin) => replica.State.TenantOf(tenant).OriginOf(origin).Mark.Number;

    private ReplicationState PeerMarks() => replica.StateOfMarks(tenant) with
    {
        Region = peer,
        Origins = [.. _peerMarks.Select(mark => new OriginHolding(mark.Key, new OriginMark(0, mark.Value, 0), 1))],
    };

    private void SayRequest() => Say(ReconcileStep.Request, replica.StateOfMarks(tenant));

    private void Say(ReconcileStep step, ReplicationState? state) => replica.SendToPrimaryOf(
        peer, new ReconcileMessage { Step = step, Tenant = tenant, Round = _round, State = state });
}
