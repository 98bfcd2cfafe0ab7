using Tidal.Schema;

namespace Tidal.Log;

/// <summary>Writes one record after another of a batch; the table at <see cref="BatchWriter"/> is what it follows.</summary>
/// <param name="writer">Stands where the record is to be, with <see cref="RecordLayout.RoomFor(in LogRecord)"/> bytes of room.</param>
/// <param name="origin">The region of the batch's origin.</param>
/// <param name="expectedHlc">The base HLC and as many ticks as there are records before this one.</param>
/// <param name="sessionBefore">The session of the record before; for the first, session 0 of the origin.</param>
internal ref struct RecordEncoder(ByteWriter writer, RegionId origin, ulong expectedHlc, SessionId sessionBefore)
{
    private readonly RegionId _origin = origin;
    private readonly ulong _expectedHlc = expectedHlc;
    private readonly SessionId _sessionBefore = sessionBefore;
    private ByteWriter _out = writer;

    /// <summary>Writes a record and answers its length.</summary>
    /// <exception cref="InvalidRecordException">A field is outside its limits.</exception>
    public int Write(in LogRecord record, long baseMilliseconds)
    {
        if (!RecordLayout.IsKnown((int)record.Kind))
            throw RecordLayout.UnknownKind((int)record.Kind);
        var cohorts = CheckStamp(record);
        WriteHead(record, cohorts, baseMilliseconds);
        WriteBody(record);
        WriteStamp(record, cohorts);
        if (_out.SpeltLength > LogLimits.RecordBytesMax)
            throw new InvalidRecordException("the record", $"{_out.SpeltLength} bytes", $"at most {LogLimits.RecordBytesMax} bytes");
        return _out.Length;
    }

    private static int CheckStamp(in LogRecord record)
    {
        if (!RecordLayout.CarriesWeight(record.Kind))
            return 0;
        if (!double.IsFinite(record.Weight) || record.Weight < 0)
            throw new InvalidRecordException("the weight", $"{record.Weight}", "finite and not negative");
        var cohorts = record.Cohorts?.Length ?? 0;
        return cohorts <= LogLimits.CohortsMax
            ? cohorts
            : throw new InvalidRecordException("the cohort stamp", $"{cohorts} cohorts", $"at most {LogLimits.CohortsMax}");
    }

    private void WriteHead(in LogRecord record, int cohorts, long baseMilliseconds)
    {
        var lead = Lead(record, cohorts);
        var more = More(record, cohorts, lead);
        if (more != 0)
            lead |= RecordLayout.More;
        _out.Byte(lead);
        if (more != 0)
            _out.Byte(more);
        if ((lead & RecordLayout.SameSession) == 0)
            WriteSession(record.Operation.Session, (more & RecordLayout.MoreSessionRegion) != 0);
        _out.Varint(record.Operation.Number);
        if ((lead & RecordLayout.ExpectedHlc) == 0)
            _out.Zigzag((long)unchecked(record.Hlc.Packed - _expectedHlc));
        if ((more & RecordLayout.MoreAttempt) != 0)
            _out.Byte(record.Attempt);
        _out.Zigzag(unchecked(record.EventTimeMilliseconds - baseMilliseconds));
    }

    private readonly byte Lead(in LogRecord record, int cohorts)
    {
        var lead = (byte)record.Kind;
        if (record.Kind == RecordKind.Signal)
        {
            lead = (byte)(RecordLayout.Signal | Math.Min((int)record.SignalType.Number, RecordLayout.TypeFollows));
            if (cohorts == 1)
                lead |= RecordLayout.OneCohort;
        }
        if (record.Operation.Session == _sessionBefore)
            lead |= RecordLayout.SameSession;
        if (record.Hlc.Packed == _expectedHlc)
            lead |= RecordLayout.ExpectedHlc;
        return lead;
    }

    private readonly byte More(in LogRecord record, int cohorts, byte lead)
    {
        byte more = 0;
        if (RecordLayout.CarriesWeight(record.Kind) && !IsOne(record.Weight))
            more |= RecordLayout.MoreWeight;
        if (record.Attempt != 0)
            more |= RecordLayout.MoreAttempt;
        if ((lead & RecordLayout.SameSession) == 0 && record.Operation.Session.Region != _origin)
            more |= RecordLayout.MoreSessionRegion;
        if (cohorts > (record.Kind == RecordKind.Signal ? 1 : 0))
            more |= RecordLayout.MoreCohorts;
        return more;
    }

    private void WriteBody(in LogRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Signal:
                if (record.SignalType.Number >= RecordLayout.TypeFollows)
                    _out.Varint(record.SignalType.Number);
                WriteItemAndUser(record);
                break;
            case RecordKind.Retraction:
                WriteSession(record.Retracts.Session, withRegion: true);
                _out.Varint(record.Retracts.Number);
                _out.Varint(record.SignalType.Number);
                WriteItemAndUser(record);
                break;
            case RecordKind.HardNegative:
                WriteHardNegative(record);
                break;
            case RecordKind.Item:
                _out.Varint(record.HomeRegion.Ordinal);
                _out.String(record.Item.Value, 1, "the item");
                WriteAttributes(record.Attributes);
                break;
            case RecordKind.UserAttributes:
                _out.String(record.User.Value, 1, "the user");
                WriteAttributes(record.Attributes);
                break;
            default:
                WriteControl(record);
                break;
        }
    }

    private void WriteControl(in LogRecord record)
    {
        if (record.Kind == RecordKind.Session)
        {
            if (record.SessionAction is not (SessionAction.Open or SessionAction.End))
                throw new InvalidRecordException("the session action", $"{(byte)record.SessionAction}", "open (1) or end (2)");
            _out.Byte((byte)record.SessionAction);
            return;
        }
        _out.Varint(record.TableVersion);
        if (record.Kind == RecordKind.TenantMarker)
            _out.Byte(record.MarkerAction);
        else
            _out.Varint(record.LastNumber);
    }

    private void WriteHardNegative(in LogRecord record)
    {
        if (record.NegativeKind > NegativeKind.Block)
            throw new InvalidRecordException("the kind of hard negative", $"{(byte)record.NegativeKind}", "hide (0), mute (1) or block (2)");
        if (record.TargetKind > TargetKind.Creator)
            throw new InvalidRecordException("the kind of target", $"{(byte)record.TargetKind}", "item (0) or creator (1)");
        _out.Byte((byte)((int)record.NegativeKind | ((int)record.TargetKind << 2) | (record.IsUndo ? 8 : 0)));
        _out.String(record.User.Value, 1, "the user");
        _out.String(record.Target, 1, "the target");
    }

    private void WriteItemAndUser(in LogRecord record)
    {
        _out.String(record.Item.Value, 1, "the item");
        _out.String(record.User.Value, 1, "the user");
    }

    private void WriteSession(SessionId session, bool withRegion)
    {
        _out.Varint(session.Number);
        if (withRegion)
            _out.Varint(session.Region.Ordinal);
    }

    private void WriteAttributes(AttributeValue[]? attributes)
    {
        var count = attributes?.Length ?? 0;
        if (count > LogLimits.AttributesMax)
            throw new InvalidRecordException("the attributes", $"{count}", $"at most {LogLimits.AttributesMax}");
        _out.Byte((byte)count);
        for (var i = 0; i < count; i++)
        {
            _out.String(attributes![i].Key, 1, "an attribute's key");
            _out.String(attributes[i].Value, 0, "an attribute's value");
        }
    }

    private void WriteStamp(in LogRecord record, int cohorts)
    {
        if (!RecordLayout.CarriesWeight(record.Kind))
            return;
        if (!IsOne(record.Weight))
            _out.Double(record.Weight);
        if (cohorts > (record.Kind == RecordKind.Signal ? 1 : 0))
            _out.Byte((byte)cohorts);
        for (var i = 0; i < cohorts; i++)
            WriteCohort(record.Cohorts![i]);
    }

    private void WriteCohort(CohortScope cohort)
    {
        if (cohort.Attribute is < 0 or > LogLimits.CohortAttributeMax)
            throw new InvalidRecordException("a cohort's attribute", $"{cohort.Attribute}", $"0 to {LogLimits.CohortAttributeMax}");
        var tag = (uint)Math.Min(cohort.Attribute, (int)RecordLayout.CohortTagFollows);
        _out.TaggedString(cohort.Value, 0, RecordLayout.CohortTagBits, tag, "a cohort's value");
        if (tag == RecordLayout.CohortTagFollows)
            _out.Varint((ulong)cohort.Attribute - RecordLayout.CohortTagFollows);
    }

    private static bool IsOne(double weight) =>
        BitConverter.DoubleToInt64Bits(weight) == BitConverter.DoubleToInt64Bits(1.0);
}
