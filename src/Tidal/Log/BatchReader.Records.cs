using System.Runtime.CompilerServices;
using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <content>Decodes one record, head and body by kind.</content>
public ref partial struct BatchReader
{
    /// <summary>Makes the record that a view shows.</summary>
    /// <param name="view">What was read last.</param>
    internal readonly LogRecord Make(in RecordView view) => new()
    {
        Kind = view.Kind,
        Operation = view.Operation,
        Hlc = view.Hlc,
        Attempt = view.Attempt,
        EventTimeMilliseconds = view.EventTimeMilliseconds,
        Item = view.Item.Length > 0 ? new ItemId(_in.TextOf(view.Item)) : default,
        User = view.User.Length > 0 ? new UserId(_in.TextOf(view.User)) : default,
        SignalType = view.SignalType,
        Weight = view.Weight,
        Cohorts = MakeCohorts(CohortsOf(view)),
        Retracts = view.Retracts,
        Target = view.Target.Length > 0 ? _in.TextOf(view.Target) : null,
        TargetKind = view.TargetKind,
        NegativeKind = view.NegativeKind,
        IsUndo = view.IsUndo,
        HomeRegion = view.HomeRegion,
        Attributes = MakeAttributes(_scratch.Attributes(view.AttributeCount)),
        SessionAction = view.SessionAction,
        MarkerAction = view.MarkerAction,
        TableVersion = view.TableVersion,
        LastNumber = view.LastNumber,
    };

    private readonly CohortScope[]? MakeCohorts(ReadOnlySpan<CohortPlace> places)
    {
        if (places.IsEmpty)
            return null;
        var cohorts = new CohortScope[places.Length];
        for (var place = 0; place < cohorts.Length; place++)
            cohorts[place] = new CohortScope(places[place].Attribute, _in.TextOf(places[place].Value));
        return cohorts;
    }

    private readonly AttributeValue[]? MakeAttributes(ReadOnlySpan<AttributePlace> places)
    {
        if (places.IsEmpty)
            return null;
        var attributes = new AttributeValue[places.Length];
        for (var place = 0; place < attributes.Length; place++)
            attributes[place] = new AttributeValue(_in.TextOf(places[place].Key), _in.TextOf(places[place].Value));
        return attributes;
    }

    private void ReadRecord(out RecordView record)
    {
        record = default;
        var lead = _in.Byte("a record's lead");
        var isSignal = (lead & RecordLayout.Signal) != 0;
        var kind = isSignal ? RecordKind.Signal : (RecordKind)(lead & RecordLayout.KindMask);
        if (!isSignal && (!RecordLayout.IsKnown((int)kind) || kind == RecordKind.Signal))
            throw RecordLayout.UnknownKind((int)kind);
        var more = (lead & RecordLayout.More) != 0 ? ReadMore(lead, kind) : (byte)0;
        record.Kind = kind;
        record.Operation = ReadOperation(lead, more);
        record.Hlc = ReadHlc((lead & RecordLayout.ExpectedHlc) != 0);
        if ((more & RecordLayout.MoreAttempt) != 0)
            record.Attempt = ReadAttempt();
        record.EventTimeMilliseconds = unchecked(_in.Zigzag("an event time") + _baseMilliseconds);
        if (isSignal)
            ReadSignal(ref record, lead, more);
        else
            ReadBody(ref record, more);
    }

    private void ReadBody(ref RecordView record, byte more)
    {
        switch (record.Kind)
        {
            case RecordKind.Retraction:
                ReadRetraction(ref record, more);
                break;
            case RecordKind.HardNegative:
                ReadHardNegative(ref record);
                break;
            case RecordKind.Item:
                record.HomeRegion = ReadRegion("a home region");
                record.Item = ReadItem();
                record.AttributeCount = ReadAttributes();
                break;
            case RecordKind.UserAttributes:
                record.User = ReadUser();
                record.AttributeCount = ReadAttributes();
                break;
            case RecordKind.Session:
                record.SessionAction = ReadSessionAction();
                break;
            default:
                record.TableVersion = _in.Varint("a table version");
                if (record.Kind == RecordKind.TenantMarker)
                    record.MarkerAction = _in.Byte("an action");
                else
                    record.LastNumber = _in.Varint("a last number");
                break;
        }
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
        return isWrong ? throw WrongFlags(lead, more) : more;
    }

    private OperationId ReadOperation(byte lead, byte more)
    {
        if ((lead & RecordLayout.SameSession) != 0)
            return new OperationId(_session, _in.Varint("an operation number"));
        var number = _in.Varint("a session");
        var region = _region;
        if ((more & RecordLayout.MoreSessionRegion) != 0)
        {
            region = ReadRegion("a session's region");
            if (region == _region)
                throw _in.Error("the origin's region is spelt out", "no flag for it");
        }
        var session = new SessionId(region, number);
        if (session == _session)
            throw _in.Error("the same session is spelt out", "the flag for it");
        return new OperationId(session, _in.Varint("an operation number"));
    }

    private HlcTimestamp ReadHlc(bool isExpected)
    {
        var expected = unchecked(_baseHlc + (ulong)_read);
        if (isExpected)
            return new HlcTimestamp(expected);
        var delta = _in.Zigzag("an HLC");
        if (delta == 0 || _read == 0)
            throw WrongHlc(delta);
        return new HlcTimestamp(unchecked(expected + (ulong)delta));
    }

    private byte ReadAttempt()
    {
        var attempt = _in.Byte("an attempt");
        return attempt != 0 ? attempt : throw _in.Error("attempt 0 is spelt out", "no flag for it");
    }

    private void ReadSignal(ref RecordView record, byte lead, byte more)
    {
        var type = (ulong)(lead & RecordLayout.TypeMask);
        if (type == RecordLayout.TypeFollows)
            type = _in.Varint(RecordLayout.TypeFollows, ushort.MaxValue, "a signal type");
        record.SignalType = new SignalTypeId((ushort)type);
        record.Item = ReadItem();
        record.User = ReadUser();
        record.Weight = ReadWeight(more);
        record.CohortCount = (lead & RecordLayout.OneCohort) != 0 ? ReadCohorts(1) : ReadCohorts(more, 2);
    }

    private void ReadRetraction(ref RecordView record, byte more)
    {
        var session = _in.Varint("a retracted session");
        var region = ReadRegion("a retracted session's region");
        record.Retracts = new OperationId(new SessionId(region, session), _in.Varint("a retracted operation"));
        record.SignalType = new SignalTypeId((ushort)_in.Varint(0, ushort.MaxValue, "a signal type"));
        record.Item = ReadItem();
        record.User = ReadUser();
        record.Weight = ReadWeight(more);
        record.CohortCount = ReadCohorts(more, 1);
    }

    private void ReadHardNegative(ref RecordView record)
    {
        var what = _in.Byte("a hard negative's kind");
        if (what > 0x0F || (what & 3) == 3)
            throw new UnsupportedFormatException("kind of hard negative", what, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14);
        record.NegativeKind = (NegativeKind)(what & 3);
        record.TargetKind = (TargetKind)((what >> 2) & 1);
        record.IsUndo = (what & 8) != 0;
        record.User = ReadUser();
        record.Target = _in.String(1, "a target");
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
            throw WrongWeight(weight);
        return weight;
    }

    private int ReadCohorts(byte more, ulong countMin) => (more & RecordLayout.MoreCohorts) != 0
        ? ReadCohorts((int)_in.Varint(countMin, LogLimits.CohortsMax, "a count of cohorts"))
        : 0;

    private int ReadCohorts(int count)
    {
        foreach (ref var cohort in _scratch.Cohorts(count))
            cohort = ReadCohort();
        return count;
    }

    private CohortPlace ReadCohort()
    {
        var value = _in.TaggedString(0, RecordLayout.CohortTagBits, out var attribute, "a cohort's value");
        if (attribute == RecordLayout.CohortTagFollows)
            attribute += _in.Varint(0, LogLimits.CohortAttributeMax - RecordLayout.CohortTagFollows, "a cohort's attribute");
        return new CohortPlace((int)attribute, value);
    }

    private int ReadAttributes()
    {
        var count = (int)_in.Varint(0, LogLimits.AttributesMax, "a count of attributes");
        // Two references at least.
        if (count * 2 > _in.Remaining)
            throw TooManyAttributes(count);
        foreach (ref var attribute in _scratch.Attributes(count))
        {
            var key = _in.String(1, "an attribute's key");
            attribute = new AttributePlace(key, _in.String(0, "an attribute's value"));
        }
        return count;
    }

    private TextPlace ReadItem() => _in.String(1, "an item");

    private TextPlace ReadUser() => _in.String(1, "a user");

    private RegionId ReadRegion(string what) => new((ushort)_in.Varint(0, ushort.MaxValue, what));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException WrongFlags(byte lead, byte more) =>
        _in.Error($"flags {more:X2} after lead {lead:X2}", "flags that go with the lead");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException WrongHlc(long delta) =>
        _in.Error($"an HLC {delta} from the expected one", "the flag for it, as in every first record");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException WrongWeight(double weight) => _in.Error($"weight {weight}", "finite, not negative, and 1 not spelt out");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException TooManyAttributes(int count) =>
        _in.Error($"{count} attributes", $"no more than fit into {_in.Remaining} bytes");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException TooLong(int bytes) => _in.Error($"a record of {bytes} bytes", $"at most {LogLimits.RecordBytesMax}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly LogFormatException LeftOver() => _in.Error($"{_in.Remaining} bytes after the last record", "the end of the batch");
}
