using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <content>Decodes one record, head and body by kind.</content>
public ref partial struct BatchReader
{
    private LogRecord ReadRecord()
    {
        var lead = _in.Byte("a record's lead");
        var isSignal = (lead & RecordLayout.Signal) != 0;
        var kind = isSignal ? RecordKind.Signal : (RecordKind)(lead & RecordLayout.KindMask);
        if (!isSignal && (!RecordLayout.IsKnown((int)kind) || kind == RecordKind.Signal))
            throw RecordLayout.UnknownKind((int)kind);
        var more = (lead & RecordLayout.More) != 0 ? ReadMore(lead, kind) : (byte)0;
        var record = new LogRecord
        {
            Kind = kind,
            Operation = ReadOperation(lead, more),
            Hlc = ReadHlc((lead & RecordLayout.ExpectedHlc) != 0),
            Attempt = (more & RecordLayout.MoreAttempt) != 0 ? ReadAttempt() : (byte)0,
            EventTimeMilliseconds = unchecked(_in.Zigzag("an event time") + Header.BaseHlc.UnixMilliseconds),
        };
        return kind switch
        {
            RecordKind.Signal => ReadSignal(record, lead, more),
            RecordKind.Retraction => ReadRetraction(record, more),
            RecordKind.HardNegative => ReadHardNegative(record),
            RecordKind.Item => ReadItem(record),
            RecordKind.UserAttributes => record with { User = ReadUser(), Attributes = ReadAttributes() },
            RecordKind.Session => record with { SessionAction = ReadSessionAction() },
            RecordKind.TenantMarker => record with { TableVersion = _in.Varint("a table version"), MarkerAction = _in.Byte("an action") },
            _ => record with { TableVersion = _in.Varint("a table version"), LastNumber = _in.Varint("a last number") },
        };
    }

    private byte ReadMore(byte lead, RecordKind kind)
    {
        var more = _in.Byte("a record's flags");
        if ((more & ~RecordLayout.MoreKnown) != 0)
            throw new UnsupportedFormatException("record flags", more, RecordLayout.MoreKnown);
        var stamp = RecordLayout.MoreWeight | RecordLayout.MoreCohorts;
        var isWrong = more == 0
            || ((more & stamp) != 0 && !RecordLayout.CarriesWeight(kind))
            || ((more & RecordLayout.MoreSessionRegion) != 0 && (lead & RecordLayout.SameSession) != 0)
            || ((more & RecordLayout.MoreCohorts) != 0 && kind == RecordKind.Signal && (lead & RecordLayout.OneCohort) != 0);
        return isWrong ? throw _in.Error($"flags {more:X2} after lead {lead:X2}", "flags that go with the lead") : more;
    }

    private OperationId ReadOperation(byte lead, byte more)
    {
        if ((lead & RecordLayout.SameSession) != 0)
            return new OperationId(_session, _in.Varint("an operation number"));
        var number = _in.Varint("a session");
        var region = Header.Origin.Region;
        if ((more & RecordLayout.MoreSessionRegion) != 0)
        {
            region = ReadRegion("a session's region");
            if (region == Header.Origin.Region)
                throw _in.Error("the origin's region is spelt out", "no flag for it");
        }
        var session = new SessionId(region, number);
        if (session == _session)
            throw _in.Error("the same session is spelt out", "the flag for it");
        return new OperationId(session, _in.Varint("an operation number"));
    }

    private HlcTimestamp ReadHlc(bool isExpected)
    {
        var expected = unchecked(Header.BaseHlc.Packed + (ulong)_read);
        if (isExpected)
            return new HlcTimestamp(expected);
        var delta = _in.Zigzag("an HLC");
        if (delta == 0 || _read == 0)
            throw _in.Error($"an HLC {delta} from the expected one", "the flag for it, as in every first record");
        return new HlcTimestamp(unchecked(expected + (ulong)delta));
    }

    private byte ReadAttempt()
    {
        var attempt = _in.Byte("an attempt");
        return attempt != 0 ? attempt : throw _in.Error("attempt 0 is spelt out", "no flag for it");
    }

    private LogRecord ReadSignal(in LogRecord head, byte lead, byte more)
    {
        var type = (ulong)(lead & RecordLayout.TypeMask);
        if (type == RecordLayout.TypeFollows)
            type = _in.Varint(RecordLayout.TypeFollows, ushort.MaxValue, "a signal type");
        var item = ReadItemId();
        var user = ReadUser();
        var weight = ReadWeight(more);
        var cohorts = (lead & RecordLayout.OneCohort) != 0 ? [ReadCohort()] : ReadCohorts(more, 2);
        return head with { SignalType = new SignalTypeId((ushort)type), Item = item, User = user, Weight = weight, Cohorts = cohorts };
    }

    private LogRecord ReadRetraction(in LogRecord head, byte more)
    {
        var session = _in.Varint("a retracted session");
        var region = ReadRegion("a retracted session's region");
        var operation = new OperationId(new SessionId(region, session), _in.Varint("a retracted operation"));
        var type = new SignalTypeId((ushort)_in.Varint(0, ushort.MaxValue, "a signal type"));
        var item = ReadItemId();
        var user = ReadUser();
        var weight = ReadWeight(more);
        var cohorts = ReadCohorts(more, 1);
        return head with { Retracts = operation, SignalType = type, Item = item, User = user, Weight = weight, Cohorts = cohorts };
    }

    private LogRecord ReadHardNegative(in LogRecord head)
    {
        var what = _in.Byte("a hard negative's kind");
        if (what > 0x0F || (what & 3) == 3)
            throw new UnsupportedFormatException("kind of hard negative", what, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14);
        return head with
        {
            NegativeKind = (NegativeKind)(what & 3),
            TargetKind = (TargetKind)((what >> 2) & 1),
            IsUndo = (what & 8) != 0,
            User = ReadUser(),
            Target = _in.String(1, "a target"),
        };
    }

    private LogRecord ReadItem(in LogRecord head)
    {
        var home = ReadRegion("a home region");
        return head with { HomeRegion = home, Item = ReadItemId(), Attributes = ReadAttributes() };
    }

    private SessionAction ReadSessionAction()
    {
        var action = _in.Byte("a session action");
        return action is 1 or 2 ? (SessionAction)action : throw new UnsupportedFormatException("session action", action, 1, 2);
    }

    private double ReadWeight(byte more)
    {
        if ((more & RecordLayout.MoreWeight) == 0)
            return 1;
        var weight = _in.Double("a weight");
        if (!double.IsFinite(weight) || weight < 0 || weight == 1)
            throw _in.Error($"weight {weight}", "finite, not negative, and 1 not spelt out");
        return weight;
    }

    private CohortScope[]? ReadCohorts(byte more, ulong countMin)
    {
        if ((more & RecordLayout.MoreCohorts) == 0)
            return null;
        var cohorts = new CohortScope[_in.Varint(countMin, LogLimits.CohortsMax, "a count of cohorts")];
        for (var i = 0; i < cohorts.Length; i++)
            cohorts[i] = ReadCohort();
        return cohorts;
    }

    private CohortScope ReadCohort()
    {
        var value = _in.TaggedString(0, RecordLayout.CohortTagBits, out var attribute, "a cohort's value");
        if (attribute == RecordLayout.CohortTagFollows)
            attribute += _in.Varint(0, LogLimits.CohortAttributeMax - RecordLayout.CohortTagFollows, "a cohort's attribute");
        return new CohortScope((int)attribute, value);
    }

    private AttributeValue[]? ReadAttributes()
    {
        var count = (int)_in.Varint(0, LogLimits.AttributesMax, "a count of attributes");
        if (count == 0)
            return null;
        // Two references at least.
        if (count * 2 > _in.Remaining)
            throw _in.Error($"{count} attributes", $"no more than fit into {_in.Remaining} bytes");
        var attributes = new AttributeValue[count];
        for (var i = 0; i < count; i++)
        {
            var key = _in.String(1, "an attribute's key");
            attributes[i] = new AttributeValue(key, _in.String(0, "an attribute's value"));
        }
        return attributes;
    }

    private ItemId ReadItemId() => new(_in.String(1, "an item"));

    private UserId ReadUser() => new(_in.String(1, "a user"));

    private RegionId ReadRegion(string what) => new((ushort)_in.Varint(0, ushort.MaxValue, what));
}
