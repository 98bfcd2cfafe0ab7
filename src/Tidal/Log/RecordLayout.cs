namespace Tidal.Log;

/// <summary>The bits of a record's first two bytes; what they mean stands in the table at <see cref="BatchWriter"/>.</summary>
internal static class RecordLayout
{
    /// <summary>Signals: the type, or <see cref="TypeFollows"/>.</summary>
    public const byte TypeMask = 0x07;

    /// <summary>Signals: the type did not fit into the lead.</summary>
    public const byte TypeFollows = 0x07;

    /// <summary>Signals: exactly one cohort.</summary>
    public const byte OneCohort = 0x08;

    /// <summary>Other kinds: the kind.</summary>
    public const byte KindMask = 0x0F;

    /// <summary>The session is that of the record before.</summary>
    public const byte SameSession = 0x10;

    /// <summary>The HLC is the base and as many ticks as there are records before.</summary>
    public const byte ExpectedHlc = 0x20;

    /// <summary>A byte of rarer flags follows.</summary>
    public const byte More = 0x40;

    /// <summary>The record is a signal.</summary>
    public const byte Signal = 0x80;

    /// <summary>Rarer: the weight is not 1.</summary>
    public const byte MoreWeight = 0x01;

    /// <summary>Rarer: the attempt is not 0.</summary>
    public const byte MoreAttempt = 0x02;

    /// <summary>Rarer: the session was opened in another region than the origin's.</summary>
    public const byte MoreSessionRegion = 0x04;

    /// <summary>Rarer: a list of cohorts.</summary>
    public const byte MoreCohorts = 0x08;

    /// <summary>All the rarer flags that this version knows.</summary>
    public const byte MoreKnown = MoreWeight | MoreAttempt | MoreSessionRegion | MoreCohorts;

    /// <summary>Bits of a cohort's length that hold its attribute.</summary>
    public const int CohortTagBits = 2;

    /// <summary>The attribute did not fit into those bits: what is over follows.</summary>
    public const uint CohortTagFollows = 3;

    /// <summary>The least a record takes: lead, operation number, event time and one byte of body.</summary>
    public const int RecordBytesMin = 4;

    /// <summary>Room for all that is in a record beside its strings and lists.</summary>
    private const int FixedBytesRoom = 128;

    /// <summary>Room for a string's length, or a cohort's length and attribute.</summary>
    private const int PrefixBytesRoom = 8;

    public static bool IsKnown(int kind) => kind is >= (int)RecordKind.Signal and <= (int)RecordKind.Seal;

    public static bool CarriesWeight(RecordKind kind) => kind is RecordKind.Signal or RecordKind.Retraction;

    /// <summary>Room that a record surely fits into, if it can be written at all.</summary>
    public static int RoomFor(in LogRecord record)
    {
        var room = FixedBytesRoom + RoomFor(record.Item.Value) + RoomFor(record.User.Value) + RoomFor(record.Target);
        foreach (var cohort in record.Cohorts.AsSpan(0, Math.Min(record.Cohorts?.Length ?? 0, LogLimits.CohortsMax)))
            room += RoomFor(cohort.Value);
        foreach (var attribute in record.Attributes.AsSpan(0, Math.Min(record.Attributes?.Length ?? 0, LogLimits.AttributesMax)))
            room += RoomFor(attribute.Key) + RoomFor(attribute.Value);
        return room;
    }

    private static int RoomFor(string? text) =>
        PrefixBytesRoom + Math.Min(3 * Math.Min(text?.Length ?? 0, LogLimits.StringBytesMax), LogLimits.StringBytesMax);

    public static UnsupportedFormatException UnknownKind(int found) => new("record kind", found, 1, 2, 3, 4, 5, 6, 7, 8);
}
