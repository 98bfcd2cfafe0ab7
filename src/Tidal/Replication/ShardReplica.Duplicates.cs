using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Replication;

// What is known of a write before it is appended: whether some log has it already, and whether its session allows it
// (PROTOCOL 2, 12, 13 and 15). Committed state and the tail are looked at together: a primary works at the end of its log.
public sealed partial class ShardReplica
{
    private readonly SessionKeeper _sessions;

    internal long WallMilliseconds => _now.WallMilliseconds;

    /// <summary>Ends a session in this region's log, if nothing is in the way.</summary>
    /// <returns>Whether its end was appended now.</returns>
    internal bool TryEnd(TenantId tenant, SessionId session)
    {
        if (ObstacleTo(tenant) != RefusalReason.None || HasEndedHere(tenant, session))
            return false;
        Append(tenant, LogRecord.ForSession(session, _clock.Now(_now.WallMilliseconds), _now.WallMilliseconds, SessionAction.End));
        return true;
    }

    private static string? ProblemOfIdentity(in LogRecord record)
    {
        if (record is { Kind: RecordKind.Retraction, Operation.IsNone: false })
            return "A retraction has no operation of its own: the one that it takes back tells it from others.";
        if (record.Kind == RecordKind.Retraction)
            return record.Retracts.IsNone ? "A retraction takes back an operation, and no retraction is one." : null;
        if (record.Kind != RecordKind.Session)
            return record.Operation.IsNone ? "A write without an operation id could not be told from another one." : null;
        if (record.Attempt != 0 || record.Operation.Number != 0)
            return "The opening and the end of a session have neither a number nor an attempt.";
        return record.SessionAction == SessionAction.End && record.Operation.Session.Number == 0
            ? "A session that ends has an id."
            : null;
    }

    // Before it is held against what is known: another tenant's operation of the same number is not the same.
    private static bool IsOfItsTenant(RecordIdentity identity, TenantId tenant) =>
        identity.Session.Number == 0 || identity.Session.IsOf(tenant);

    /// <summary>
    /// Whether a write may be in another region's log too. A first attempt was tried nowhere else; a retraction is looked for
    /// everywhere, because it is this region that decides whether it is a first one.
    /// </summary>
    private static bool MayBeElsewhere(in LogRecord record) => record.Attempt > 0 || record.Kind == RecordKind.Retraction;

    /// <summary>Whether a write is committed here, in this region's log or in one that it follows.</summary>
    private bool IsKnown(TenantId ofTenant, in LogRecord record)
    {
        var (tenant, identity) = (_state.TenantOf(ofTenant), record.Identity);
        return identity.Kind switch
        {
            IdentityKind.Opening => false,
            IdentityKind.End => tenant.Ends.HasEndedEverywhere(identity.Session) || tenant.OriginOf(Self.Region).Operations.Holds(identity),
            _ => tenant.OriginOf(Self.Region).Operations.Holds(identity) || (MayBeElsewhere(record) && tenant.Holds(identity)),
        };
    }

    /// <summary>The write where it stands in the tail, or null.</summary>
    private PendingRecord? FindInTail(TenantId tenant, in LogRecord record)
    {
        var identity = record.Identity;
        if (identity.Kind == IdentityKind.Opening)
            return null;
        return _tail!.Find(tenant, identity) ?? (MayBeElsewhere(record) ? _tail.FindShipped(tenant, identity) : null);
    }

    /// <summary>Whether a write is so old that nobody can tell any more whether it was ever tried.</summary>
    private bool CannotBeTold(TenantId ofTenant, in LogRecord record)
    {
        var (tenant, identity) = (_state.TenantOf(ofTenant), record.Identity);
        if (identity.Kind != IdentityKind.Write || HasEndedHere(ofTenant, identity.Session))
            return false;
        return record.Attempt > 0
            ? tenant.IsOutsideWindow(identity.Operation)
            : tenant.OriginOf(Self.Region).Operations.StandingOf(identity.Operation) == OperationStanding.OutsideWindow;
    }

    /// <summary>Why the session of a write, or what it takes back, forbids it.</summary>
    private RefusalReason ObjectionTo(TenantId tenant, in LogRecord record)
    {
        var (identity, own) = (record.Identity, _state.TenantOf(tenant).OriginOf(Self.Region).Operations);
        if (identity.Kind == IdentityKind.End)
            return RefusalReason.None;
        if (identity.Kind != IdentityKind.Opening && HasEndedHere(tenant, identity.Session))
            return RefusalReason.SessionEnded;
        if (identity.IsRetraction && !IsKnownAnywhere(tenant, new RecordIdentity(identity.Operation, IdentityKind.Write)))
            return RefusalReason.UnknownOperation;
        if (identity.Kind == IdentityKind.Opening || !own.Sessions.TryGetValue(identity.Session, out var session))
            return own.SessionCount >= _settings.Options.SessionsMax ? RefusalReason.TooManySessions : RefusalReason.None;
        return session.IsFullFor(identity, AttemptOf(tenant, record) == 0, _settings.Options.SessionIntervalsMax)
            ? RefusalReason.SessionExhausted
            : RefusalReason.None;
    }

    private bool HasEndedHere(TenantId tenant, SessionId session)
    {
        var (held, end) = (_state.TenantOf(tenant), new RecordIdentity(new OperationId(session, 0), IdentityKind.End));
        return held.Ends.HasEndedEverywhere(session) || held.OriginOf(Self.Region).Operations.Holds(end) || _tail!.Holds(tenant, end);
    }

    private bool IsKnownAnywhere(TenantId tenant, RecordIdentity identity) =>
        _state.TenantOf(tenant).Holds(identity) || _tail!.Holds(tenant, identity) || _tail.FindShipped(tenant, identity) is not null;

    /// <summary>
    /// The attempt that a write is appended with. A retraction's first one may stand only in the log that holds the first attempt of its operation: there is one such
    /// log, so there is one such retraction. Everywhere else it is at least 1 (PROTOCOL 15).
    /// </summary>
    private byte AttemptOf(TenantId tenant, in LogRecord record)
    {
        if (record.Kind != RecordKind.Retraction)
            return record.Attempt;
        var retracted = new RecordIdentity(record.Retracts, IdentityKind.Write);
        var isFirstHere = _state.TenantOf(tenant).OriginOf(Self.Region).Operations.HoldsFirst(retracted)
            || _tail!.HoldsFirst(tenant, retracted);
        return isFirstHere ? record.Attempt : Math.Max((byte)1, record.Attempt);
    }
}
