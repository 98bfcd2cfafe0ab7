using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Replication;

/// <summary>
/// One tenant as one replica of a shard holds it: its origin logs and what they add up to. Not safe for use by several
/// threads.
/// </summary>
public sealed partial class TenantReplica
{
    private readonly SortedList<RegionId, OriginLog> _origins = [];
    private readonly SortedDictionary<RegionId, ulong> _highestSessions = [];

    private readonly SignalSchema _schema;
    private readonly Func<SessionMembers> _members;

    internal TenantReplica(SignalSchema schema, Func<SessionMembers> members)
    {
        (_schema, _members) = (schema, members);
        State = new TenantState(schema, IsFirstHeld);
        Ends = new SessionEnds(_origins, members);
    }

    /// <summary>What the records held add up to.</summary>
    public TenantState State { get; }

    /// <summary>The origin logs held, in region order.</summary>
    public IReadOnlyDictionary<RegionId, OriginLog> Origins => _origins;

    /// <summary>Committed signal records, over all origins, those that do not count included.</summary>
    public long SignalRecords => _origins.Values.Sum(origin => origin.SignalRecords);

    /// <summary>Committed signal records that do not count: later attempts at an operation of which another record does (invariant 2).</summary>
    public long SignalsVoided => SignalRecords - State.SignalsMaterialized;

    /// <summary>How far its sessions have ended.</summary>
    internal SessionEnds Ends { get; }

    /// <summary>The highest number of a session that a region opened, as far as this shard's logs say; 0 for none.</summary>
    /// <param name="region">The region.</param>
    public ulong HighestSession(RegionId region) => _highestSessions.GetValueOrDefault(region);

    internal bool HoldsAnything => _origins.Values.Any(origin => origin.Mark.Number > 0);

    internal OriginLog OriginOf(RegionId region)
    {
        if (!_origins.TryGetValue(region, out var origin))
            _origins.Add(region, origin = new OriginLog());
        return origin;
    }

    /// <summary>Whether an origin's log is sealed, as far as it is held.</summary>
    internal OriginStanding StandingOf(RegionId region) => _origins.GetValueOrDefault(region)?.Standing ?? default;

    /// <summary>Begins with a batch's records.</summary>
    /// <returns>The origin's log, which <see cref="ApplyFirst"/> is given.</returns>
    internal OriginLog Begin(in BatchHeader header)
    {
        State.Begin(header);
        return OriginOf(header.Origin.Region);
    }

    /// <summary>Applies first attempts at signals; <see cref="Begin"/> was called with their batch's header.</summary>
    /// <returns>Whether a merge plan tells of one of them.</returns>
    internal bool ApplyFirst(scoped in BatchReader batch, in BatchHeader header, ReadOnlySpan<RecordView> views, OriginLog origin)
    {
        var isToldApart = false;
        State.LookUp(batch, views);
        for (var place = 0; place < views.Length; place++)
        {
            ref readonly var view = ref views[place];
            isToldApart |= State.CountsLater(view.Operation);
            State.ApplyFirst(batch, header, view, place);
            origin.NoteFirst(view.Operation, view.Hlc);
        }
        return isToldApart;
    }

    internal void Apply(in BatchHeader header, ulong number, in LogRecord record)
    {
        State.Apply(header, number, record);
        OriginOf(header.Origin.Region).Note(record);
        if (record.Kind != RecordKind.Session)
            return;
        NoteSession(record.Operation.Session);
        if (record.SessionAction == SessionAction.End)
            Ends.Ended(record.Operation.Session);
    }

    /// <summary>Whether a record is in an origin log held.</summary>
    internal bool Holds(RecordIdentity identity)
    {
        foreach (var origin in _origins.Values)
        {
            if (origin.Operations.Holds(identity))
                return true;
        }
        return false;
    }

    /// <summary>Whether an operation is below the window of what an origin log held knows of its session.</summary>
    internal bool IsOutsideWindow(OperationId operation) =>
        _origins.Values.Any(origin => origin.Operations.StandingOf(operation) == OperationStanding.OutsideWindow);

    /// <summary>Sessions of a region's own log that no log held has heard of since a time, in order; without those that have ended in it.</summary>
    internal IEnumerable<SessionId> IdleSince(long timeMilliseconds, RegionId region) => OriginOf(region).Operations.Sessions
        .Where(pair => !pair.Value.HasEnded && pair.Value.LastStamp.UnixMilliseconds <= timeMilliseconds)
        .Select(pair => pair.Key)
        .Where(session => _origins.Values.All(origin => (origin.Operations.LastStampOf(session)?.UnixMilliseconds ?? 0) <= timeMilliseconds))
        .Order();

    /// <summary>
    /// Whether it is known here that no later attempt at something counts: the first is held, or its session has ended
    /// everywhere and none counted then. What is known so by either of two copies is so in both, made one.
    /// </summary>
    internal bool KnowsVoid(RecordIdentity identity) =>
        IsFirstHeld(identity) || (Ends.HasEndedEverywhere(identity.Session) && !State.CountsLater(identity));

    /// <summary>Adds all of it to a snapshot; to a digest all that is a function of the origin logs held.</summary>
    internal void AddTo(StateWriter writer)
    {
        var ended = writer is StateDigest ? Ends.AddToDigest(writer) : null;
        // One that was only asked for is as good as none.
        writer.Add(_origins.Values.Count(origin => origin.Mark.Number > 0));
        foreach (var (region, origin) in _origins)
        {
            if (origin.Mark.Number == 0)
                continue;
            writer.Add(region.Ordinal);
            origin.AddTo(writer, ended);
        }
        writer.Add(_highestSessions.Count);
        foreach (var (region, session) in _highestSessions)
        {
            writer.Add(region.Ordinal);
            writer.Add(session);
        }
        if (ended is null)
            Ends.AddTo(writer);
        State.AddTo(writer);
    }

    private bool IsFirstHeld(RecordIdentity identity)
    {
        foreach (var origin in _origins.Values)
        {
            if (origin.Operations.HoldsFirst(identity))
                return true;
        }
        return false;
    }

    // A session may end in the log of a region that did not open it; its number is one of the region that did.
    private void NoteSession(SessionId session) =>
        _highestSessions[session.Region] = Math.Max(HighestSession(session.Region), session.Number);
}

/// <summary>
/// All that a replica of a shard has derived from its log: a function of the committed records alone. Not safe for use by
/// several threads.
/// </summary>
public sealed partial class ShardState
{
    private readonly Func<TenantId, SignalSchema> _schemas;
    private readonly Func<TenantId, SessionMembers> _members;
    private readonly SortedList<TenantId, TenantReplica> _tenants = [];
    private readonly BatchScratch _scratch = new();
    private readonly RecordView[] _views = new RecordView[TenantState.ViewsMax];

    /// <summary>An empty state.</summary>
    /// <param name="schemas">The schema of each tenant.</param>
    /// <param name="members">Whose ends of a tenant's sessions are waited for; null if no session is to be forgotten, wherever it has ended.</param>
    public ShardState(Func<TenantId, SignalSchema> schemas, Func<TenantId, SessionMembers>? members = null)
    {
        _schemas = schemas;
        _members = members ?? (static _ => SessionMembers.None);
    }

    /// <summary>The seal or marker that the last envelope applied held of its origin's log; null when it held none.</summary>
    internal OriginStanding? LastStanding { get; private set; }

    /// <summary>The index of the last envelope applied.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>The tenants that have a record here.</summary>
    public IReadOnlyDictionary<TenantId, TenantReplica> Tenants => _tenants;

    /// <summary>A tenant's part; made when first asked for.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantReplica TenantOf(TenantId tenant) => _tenants.TryGetValue(tenant, out var replica) ? replica : Add(tenant);

    // Apart, for what the closure keeps is made when its method is entered.
    private TenantReplica Add(TenantId tenant)
    {
        var replica = new TenantReplica(_schemas(tenant), () => _members(tenant));
        _tenants.Add(tenant, replica);
        return replica;
    }

    /// <summary>Applies a committed envelope.</summary>
    /// <param name="envelope">The envelope that follows the last one applied.</param>
    /// <param name="clock">The replica's clock: what is in a log always advances it.</param>
    /// <returns>The header of the batch in it, or null for a control record.</returns>
    public BatchHeader? Apply(Envelope envelope, HybridLogicalClock clock)
    {
        AppliedIndex = envelope.Index;
        LastStanding = null;
        if (envelope.Kind == EnvelopeKind.Batch)
            return ApplyBatch(envelope, clock);
        var control = ControlRecord.Decode(envelope.Payload);
        if (control.Kind == ControlKind.Snapshot)
            ApplySnapshot(control, clock);
        else if (control.Kind == ControlKind.Erase)
            Erase(control.Tenant, control.TableVersion);
        return null;
    }

    private BatchHeader ApplyBatch(Envelope envelope, HybridLogicalClock clock)
    {
        var batch = BatchReader.OpenCommitted(envelope.Payload.Span, _scratch);
        var header = batch.Header;
        var tenant = TenantOf(header.Tenant);
        // Proposed before, or behind, a snapshot that holds it: it is in the state already.
        if (header.LastNumber <= tenant.OriginOf(header.Origin.Region).Mark.Number)
            return header;
        var isToldApart = ApplyRecords(ref batch, header, tenant, clock);
        tenant.OriginOf(header.Origin.Region).Add(header, envelope.Index, isToldApart);
        // Of a region that has left the whole log may be held now.
        if (LastStanding is not null)
            tenant.Ends.Resolve();
        return header;
    }

    private bool ApplyRecords(ref BatchReader batch, in BatchHeader header, TenantReplica tenant, HybridLogicalClock clock)
    {
        var (highest, isToldApart, origin, held) = (HlcTimestamp.Zero, false, tenant.Begin(header), 0);
        while (batch.TryView(out _views[held], keepsViews: held > 0))
        {
            ref readonly var view = ref _views[held];
            if (view.Hlc > highest)
                highest = view.Hlc;
            if (view.IsFirstSignal && ++held < _views.Length)
                continue;
            isToldApart |= tenant.ApplyFirst(batch, header, _views.AsSpan(0, held), origin);
            if (!view.IsFirstSignal)
                isToldApart |= ApplyOther(batch, header, tenant, view);
            held = 0;
        }
        isToldApart |= tenant.ApplyFirst(batch, header, _views.AsSpan(0, held), origin);
        Observe(highest, clock);
        return isToldApart;
    }

    // Whatever is rare is a record of its own.
    private bool ApplyOther(scoped in BatchReader batch, in BatchHeader header, TenantReplica tenant, in RecordView view)
    {
        var record = batch.Make(view);
        var isToldApart = IsToldApart(tenant, record);
        tenant.Apply(header, view.Number, record);
        if (record.Kind is RecordKind.Seal or RecordKind.TenantMarker)
            LastStanding = default(OriginStanding).After(record);
        return isToldApart;
    }

    /// <summary>
    /// The digest of everything that is a function of the origin logs held: replicas with equal marks have equal digests,
    /// in whatever order they took the origins' records.
    /// </summary>
    public string Digest()
    {
        using var digest = new StateDigest();
        foreach (var (tenant, replica) in _tenants)
            AddTo(digest, tenant, replica);
        return digest.Finish();
    }

    /// <summary>The digest of one tenant's part alone: equal in every region that holds as much of the tenant, whatever else it holds.</summary>
    /// <param name="tenant">The tenant.</param>
    public string Digest(TenantId tenant)
    {
        using var digest = new StateDigest();
        if (_tenants.TryGetValue(tenant, out var replica))
            AddTo(digest, tenant, replica);
        return digest.Finish();
    }

    private static void AddTo(StateDigest digest, TenantId tenant, TenantReplica replica)
    {
        if (!replica.HoldsAnything)
            return;
        digest.Add(tenant.Number);
        replica.AddTo(digest);
    }
}
