using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <content>One factory a kind: it takes the fields that the kind uses. The limits are checked when the record is written.</content>
public readonly partial record struct LogRecord
{
    /// <summary>A signal.</summary>
    /// <param name="operation">The write's identity.</param>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When it happened: milliseconds since 1970, UTC.</param>
    /// <param name="item">The item.</param>
    /// <param name="user">The user.</param>
    /// <param name="signalType">The type.</param>
    /// <param name="weight">Finite and not negative.</param>
    /// <param name="cohorts">The user's cohorts; null for none.</param>
    /// <param name="attempt">Regions left before this one.</param>
    public static LogRecord Signal(
        OperationId operation,
        HlcTimestamp hlc,
        long eventTimeMilliseconds,
        ItemId item,
        UserId user,
        SignalTypeId signalType,
        double weight = 1,
        CohortScope[]? cohorts = null,
        byte attempt = 0) => new()
        {
            Kind = RecordKind.Signal,
            Operation = operation,
            Hlc = hlc,
            EventTimeMilliseconds = eventTimeMilliseconds,
            Item = item,
            User = user,
            SignalType = signalType,
            Weight = weight,
            Cohorts = cohorts,
            Attempt = attempt,
        };

    /// <summary>
    /// A retraction: it repeats what it takes back, so that it can be applied where the signal is long forgotten. It has no
    /// operation of its own: the one it takes back tells it from every other.
    /// </summary>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="retracted">The signal's record: its operation, event time, weight, item, user, type and cohorts are taken.</param>
    /// <param name="attempt">Regions left before this one.</param>
    public static LogRecord Retraction(HlcTimestamp hlc, in LogRecord retracted, byte attempt = 0) =>
        retracted with
        {
            Kind = RecordKind.Retraction,
            Operation = default,
            Hlc = hlc,
            Retracts = retracted.Operation,
            Attempt = attempt,
        };

    /// <summary>A hard negative, or its undoing.</summary>
    /// <param name="operation">The write's identity.</param>
    /// <param name="hlc">The primary's stamp; of an undo the gateway's.</param>
    /// <param name="eventTimeMilliseconds">When it happened: milliseconds since 1970, UTC.</param>
    /// <param name="user">Who does not want to see.</param>
    /// <param name="target">What.</param>
    /// <param name="targetKind">Whether that is an item or a creator.</param>
    /// <param name="negativeKind">Hide, mute or block.</param>
    /// <param name="isUndo">Whether it is undone.</param>
    /// <param name="attempt">Regions left before this one.</param>
    public static LogRecord HardNegative(
        OperationId operation,
        HlcTimestamp hlc,
        long eventTimeMilliseconds,
        UserId user,
        string target,
        TargetKind targetKind,
        NegativeKind negativeKind,
        bool isUndo = false,
        byte attempt = 0) => new()
        {
            Kind = RecordKind.HardNegative,
            Operation = operation,
            Hlc = hlc,
            EventTimeMilliseconds = eventTimeMilliseconds,
            User = user,
            Target = target,
            TargetKind = targetKind,
            NegativeKind = negativeKind,
            IsUndo = isUndo,
            Attempt = attempt,
        };

    /// <summary>An item's attributes and home.</summary>
    /// <param name="operation">The write's identity.</param>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When it happened: milliseconds since 1970, UTC.</param>
    /// <param name="item">The item.</param>
    /// <param name="homeRegion">The home it names.</param>
    /// <param name="attributes">The attributes it sets.</param>
    /// <param name="attempt">Regions left before this one.</param>
    public static LogRecord ForItem(
        OperationId operation,
        HlcTimestamp hlc,
        long eventTimeMilliseconds,
        ItemId item,
        RegionId homeRegion,
        AttributeValue[]? attributes = null,
        byte attempt = 0) => new()
        {
            Kind = RecordKind.Item,
            Operation = operation,
            Hlc = hlc,
            EventTimeMilliseconds = eventTimeMilliseconds,
            Item = item,
            HomeRegion = homeRegion,
            Attributes = attributes,
            Attempt = attempt,
        };

    /// <summary>A user's attributes.</summary>
    /// <param name="operation">The write's identity.</param>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When it happened: milliseconds since 1970, UTC.</param>
    /// <param name="user">The user.</param>
    /// <param name="attributes">The attributes it sets.</param>
    /// <param name="attempt">Regions left before this one.</param>
    public static LogRecord ForUser(
        OperationId operation,
        HlcTimestamp hlc,
        long eventTimeMilliseconds,
        UserId user,
        AttributeValue[]? attributes,
        byte attempt = 0) => new()
        {
            Kind = RecordKind.UserAttributes,
            Operation = operation,
            Hlc = hlc,
            EventTimeMilliseconds = eventTimeMilliseconds,
            User = user,
            Attributes = attributes,
            Attempt = attempt,
        };

    /// <summary>A session's opening or end.</summary>
    /// <param name="session">The session.</param>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When: milliseconds since 1970, UTC.</param>
    /// <param name="action">Open or end.</param>
    public static LogRecord ForSession(SessionId session, HlcTimestamp hlc, long eventTimeMilliseconds, SessionAction action) => new()
    {
        Kind = RecordKind.Session,
        Operation = new OperationId(session, 0),
        Hlc = hlc,
        EventTimeMilliseconds = eventTimeMilliseconds,
        SessionAction = action,
    };

    /// <summary>A tenant marker.</summary>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When: milliseconds since 1970, UTC.</param>
    /// <param name="tableVersion">The routing table's version.</param>
    /// <param name="action">What it does, numbered by the control plane.</param>
    public static LogRecord TenantMarker(HlcTimestamp hlc, long eventTimeMilliseconds, ulong tableVersion, byte action) => new()
    {
        Kind = RecordKind.TenantMarker,
        Hlc = hlc,
        EventTimeMilliseconds = eventTimeMilliseconds,
        TableVersion = tableVersion,
        MarkerAction = action,
    };

    /// <summary>A seal: the origin log of its tenant ends.</summary>
    /// <param name="hlc">The primary's stamp.</param>
    /// <param name="eventTimeMilliseconds">When: milliseconds since 1970, UTC.</param>
    /// <param name="tableVersion">The routing table's version.</param>
    /// <param name="lastNumber">The last number of the origin log.</param>
    public static LogRecord Seal(HlcTimestamp hlc, long eventTimeMilliseconds, ulong tableVersion, ulong lastNumber) => new()
    {
        Kind = RecordKind.Seal,
        Hlc = hlc,
        EventTimeMilliseconds = eventTimeMilliseconds,
        TableVersion = tableVersion,
        LastNumber = lastNumber,
    };
}
