namespace Tidal.Log;

/// <summary>
/// The bounds of the format. Writers refuse what is over them (<see cref="InvalidRecordException"/>) and readers refuse it
/// too (<see cref="LogFormatException"/>), before they allocate anything: no count or length found in bytes is believed
/// without being held against its bound and against the bytes that are left.
/// </summary>
public static class LogLimits
{
    /// <summary>Bytes of UTF-8 in one string: an item, a user, an attribute's key or value, a cohort's value.</summary>
    public const int StringBytesMax = 1024;

    /// <summary>Cohorts in a record's stamp.</summary>
    public const int CohortsMax = 8;

    /// <summary>The highest place of a cohort attribute in the schema.</summary>
    public const int CohortAttributeMax = ushort.MaxValue;

    /// <summary>Attributes in an item or user record.</summary>
    public const int AttributesMax = 64;

    /// <summary>Bytes of one encoded record, with all its strings spelt out: what may be written does not depend on its batch.</summary>
    public const int RecordBytesMax = 64 * 1024;

    /// <summary>Records in a batch; the least is one.</summary>
    public const int BatchRecordsMax = 4096;

    /// <summary>Bytes of a batch after its header.</summary>
    public const int BatchPayloadBytesMax = 1024 * 1024;

    /// <summary>Strings in a batch's dictionary: a reference to one takes two bytes at most, or three with a cohort's attribute.</summary>
    public const int DictionaryEntriesMax = 8192;

    /// <summary>Bytes of all strings in a batch's dictionary: what its reader holds on to at most.</summary>
    public const int DictionaryBytesMax = 256 * 1024;

    /// <summary>A string with fewer bytes of UTF-8 is no shorter as a reference, and not entered into the dictionary.</summary>
    public const int DictionaryStringBytesMin = 2;

    /// <summary>Bytes of state in one snapshot control record.</summary>
    public const int SnapshotChunkBytesMax = 1024 * 1024;

    /// <summary>Chunks of one snapshot.</summary>
    public const int SnapshotChunksMax = 65_536;

    /// <summary>Bytes of a checkpoint's state: it is written, sent and read in one piece of memory.</summary>
    public const int CheckpointBytesMax = 1024 * 1024 * 1024;

    /// <summary>Bytes of an envelope after its header: the largest batch or snapshot chunk with its own header.</summary>
    public const int EnvelopePayloadBytesMax = (1024 * 1024) + 1024;

    /// <summary>Voters named by one control record.</summary>
    public const int VotersMax = 16;
}
