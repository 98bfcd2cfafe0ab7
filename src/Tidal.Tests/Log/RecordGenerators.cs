using FsCheck;
using FsCheck.Fluent;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

/// <summary>Random records of every kind, with the edges of every field among them.</summary>
internal static class RecordGenerators
{
    private static readonly Gen<ulong> Numbers = Gen.OneOf(
        Gen.Choose(0, 300).Select(n => (ulong)n),
        Gen.Elements(127UL, 128UL, 16383UL, 16384UL, uint.MaxValue, ulong.MaxValue));

    private static readonly Gen<ushort> Shorts = Gen.Elements<ushort>(0, 1, 2, 3, 4, 6, 7, 8, 300, ushort.MaxValue);

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("", "a", "de", "en:Jeremy Corbyn", "zoë", "名前", "😀", "\0"),
        Gen.Choose(0, 1024).Select(n => new string('x', n)),
        Gen.Choose(0, 341).Select(n => new string('名', n)));

    private static readonly Gen<string> Ids = Texts.Where(text => text.Length > 0);

    private static readonly Gen<double> Weights = Gen.Elements(1.0, 0.0, -0.0, 0.5, 2, 1e300, double.Epsilon);

    private static readonly Gen<long> Times = Gen.OneOf(
        Gen.Choose(-100_000, 100_000).Select(n => Samples.Noon + n),
        Gen.Elements(0L, -1L, long.MinValue, long.MaxValue));

    private static readonly Gen<HlcTimestamp> Stamps = Gen.OneOf(
        Gen.Choose(0, 20).Select(n => Samples.Tick((ulong)n)),
        Numbers.Select(n => new HlcTimestamp(n)));

    private static readonly Gen<SessionId> Sessions =
        from region in Shorts from number in Numbers select new SessionId(new RegionId(region), number);

    private static readonly Gen<OperationId> Operations =
        from session in Gen.OneOf(Gen.Constant(Samples.Session), Sessions) from number in Numbers select new OperationId(session, number);

    private static readonly Gen<CohortScope[]?> Cohorts =
        from count in Gen.Choose(0, 8)
        from scopes in (from attribute in Shorts from value in Texts select new CohortScope(attribute, value)).ArrayOf(count)
        select scopes;

    private static readonly Gen<AttributeValue[]?> Attributes =
        from count in Gen.Elements(0, 1, 2, 10)
        from values in (from key in Ids from value in Texts select new AttributeValue(key, value)).ArrayOf(count)
        select values;

    private static readonly Gen<LogRecord> Signals =
        from operation in Operations
        from hlc in Stamps
        from time in Times
        from item in Ids
        from user in Ids
        from type in Shorts
        from weight in Weights
        from cohorts in Cohorts
        from attempt in Gen.Elements<byte>(0, 0, 1, 255)
        select LogRecord.Signal(operation, hlc, time, new ItemId(item), new UserId(user), new SignalTypeId(type), weight, cohorts, attempt);

    private static readonly Gen<LogRecord> Retractions =
        from signal in Signals from operation in Operations from hlc in Stamps select LogRecord.Retraction(hlc, signal) with { Operation = operation };

    private static readonly Gen<LogRecord> HardNegatives =
        from head in Signals
        from target in Ids
        from targetKind in Gen.Elements(TargetKind.Item, TargetKind.Creator)
        from kind in Gen.Elements(NegativeKind.Hide, NegativeKind.Mute, NegativeKind.Block)
        from undo in Gen.Elements(true, false)
        select LogRecord.HardNegative(head.Operation, head.Hlc, head.EventTimeMilliseconds, head.User, target, targetKind, kind, undo, head.Attempt);

    private static readonly Gen<LogRecord> Entities =
        from head in Signals
        from attributes in Attributes
        from region in Shorts
        from isItem in Gen.Elements(true, false)
        select isItem
            ? LogRecord.ForItem(head.Operation, head.Hlc, head.EventTimeMilliseconds, head.Item, new RegionId(region), attributes, head.Attempt)
            : LogRecord.ForUser(head.Operation, head.Hlc, head.EventTimeMilliseconds, head.User, attributes, head.Attempt);

    private static readonly Gen<LogRecord> Controls =
        from hlc in Stamps
        from time in Times
        from session in Sessions
        from version in Numbers
        from number in Numbers
        from which in Gen.Choose(0, 3)
        select which switch
        {
            0 => LogRecord.ForSession(session, hlc, time, SessionAction.Open),
            1 => LogRecord.ForSession(session, hlc, time, SessionAction.End),
            2 => LogRecord.TenantMarker(hlc, time, version, (byte)number),
            _ => LogRecord.Seal(hlc, time, version, number),
        };

    /// <summary>1 to 20 records of any kinds.</summary>
    public static Gen<LogRecord[]> Batches { get; } =
        from count in Gen.Choose(1, 20)
        from records in Gen.OneOf(Signals, Retractions, HardNegatives, Entities, Controls).ArrayOf(count)
        select records;
}
