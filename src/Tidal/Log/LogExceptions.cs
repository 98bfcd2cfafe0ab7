using Tidal.Schema;

namespace Tidal.Log;

/// <summary>The base of every error of the log: its formats, its stores and its recovery.</summary>
public abstract class LogException : TidalException
{
    /// <summary>Makes an error with its message.</summary>
    /// <param name="message">What was wrong, where, and what was expected.</param>
    protected LogException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with its message and cause.</summary>
    /// <param name="message">What was wrong, where, and what was expected.</param>
    /// <param name="innerException">What brought it about.</param>
    protected LogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Bytes that should be a batch, an envelope, a record or a name are none: damaged, cut short or never written by Tidal.</summary>
public sealed class LogFormatException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">The field or rule that does not hold, with the value found where there is one.</param>
    /// <param name="offset">Where, in bytes from the start of what was to be decoded.</param>
    /// <param name="expected">What would have been right.</param>
    public LogFormatException(string what, long offset, string expected)
        : base($"Malformed bytes at offset {offset}: {what}; expected {expected}.")
    {
        What = what;
        Offset = offset;
        Expected = expected;
    }

    /// <summary>The field or rule that does not hold.</summary>
    public string What { get; }

    /// <summary>Bytes from the start of what was to be decoded.</summary>
    public long Offset { get; }

    /// <summary>What would have been right.</summary>
    public string Expected { get; }
}

/// <summary>
/// Bytes are whole (their checksum holds) but of a version, kind or flag that this build does not know. They are never
/// skipped: a replica that skipped what it cannot read would differ from the others in silence.
/// </summary>
public sealed class UnsupportedFormatException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">Which number is unknown, such as "batch version".</param>
    /// <param name="found">The number that stands there.</param>
    /// <param name="known">The numbers that this build knows.</param>
    public UnsupportedFormatException(string what, int found, params int[] known)
        : base($"Unknown {what} {found}; this build knows {string.Join(", ", known)}.")
    {
        What = what;
        Found = found;
        Known = known;
    }

    /// <summary>Which number is unknown, such as "batch version".</summary>
    public string What { get; }

    /// <summary>The number that stands there.</summary>
    public int Found { get; }

    /// <summary>The numbers that this build knows.</summary>
    public IReadOnlyList<int> Known { get; }
}

/// <summary>A record, batch, envelope or control record cannot be written as it is: a value is outside the format's limits.</summary>
public sealed class InvalidRecordException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">The field.</param>
    /// <param name="found">Its value.</param>
    /// <param name="expected">What it may be.</param>
    public InvalidRecordException(string what, string found, string expected)
        : base($"A record cannot be written: {what} is {found}; it must be {expected}.")
    {
        What = what;
        Found = found;
        Expected = expected;
    }

    /// <summary>The field.</summary>
    public string What { get; }

    /// <summary>Its value.</summary>
    public string Found { get; }

    /// <summary>What it may be.</summary>
    public string Expected { get; }
}

/// <summary>
/// A log on a store cannot be trusted: bytes before its tail are damaged, an index is missing, or epochs go down. It is
/// mended from another replica, never by leaving something out.
/// </summary>
public class LogDamagedException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file's name in the store.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="what">What is wrong there.</param>
    /// <param name="expected">What would have been right.</param>
    public LogDamagedException(string file, long offset, string what, string expected)
        : base($"The log is damaged in {file} at offset {offset}: {what}; expected {expected}.")
    {
        File = file;
        Offset = offset;
        What = what;
        Expected = expected;
    }

    /// <summary>The file's name in the store.</summary>
    public string File { get; }

    /// <summary>Bytes from the file's start.</summary>
    public long Offset { get; }

    /// <summary>What is wrong there.</summary>
    public string What { get; }

    /// <summary>What would have been right.</summary>
    public string Expected { get; }
}

/// <summary>
/// A log ends below what its own disk remembers as committed: something acknowledged is gone from it. Its replica may
/// neither vote nor count until a voter record makes it a voter again (PROTOCOL 1).
/// </summary>
public sealed class CutBelowCommitIndexException : LogDamagedException
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file in which the log ends.</param>
    /// <param name="offset">Where it ends, in bytes from the file's start.</param>
    /// <param name="lastIndex">The last index that the log still holds.</param>
    /// <param name="commitIndex">The highest commit index that the disk remembers.</param>
    public CutBelowCommitIndexException(string file, long offset, ulong lastIndex, ulong commitIndex)
        : base(file, offset, $"the log ends at index {lastIndex}", $"at least index {commitIndex}, which was committed")
    {
        LastIndex = lastIndex;
        CommitIndex = commitIndex;
    }

    /// <summary>The last index that the log still holds.</summary>
    public ulong LastIndex { get; }

    /// <summary>The highest commit index that the disk remembers.</summary>
    public ulong CommitIndex { get; }
}

/// <summary>A log was asked for, or given, an index that does not fit what it holds.</summary>
public sealed class LogIndexException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="what">What was asked.</param>
    /// <param name="index">The index asked for.</param>
    /// <param name="firstIndex">The first index held.</param>
    /// <param name="lastIndex">The last index held.</param>
    public LogIndexException(string what, ulong index, ulong firstIndex, ulong lastIndex)
        : base($"Cannot {what} index {index}: the log holds {firstIndex} to {lastIndex}.")
    {
        Index = index;
        FirstIndex = firstIndex;
        LastIndex = lastIndex;
    }

    /// <summary>The index asked for.</summary>
    public ulong Index { get; }

    /// <summary>The first index held.</summary>
    public ulong FirstIndex { get; }

    /// <summary>The last index held.</summary>
    public ulong LastIndex { get; }
}

/// <summary>A log store could not do what was asked: no such file, a range outside it, or a failure of the disk.</summary>
public sealed class LogStoreException : LogException
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="what">What went wrong.</param>
    public LogStoreException(string file, string what)
        : base($"Log store, file {file}: {what}.") => File = file;

    /// <summary>Makes the error with its cause.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="what">What went wrong.</param>
    /// <param name="innerException">What brought it about.</param>
    public LogStoreException(string file, string what, Exception innerException)
        : base($"Log store, file {file}: {what}.", innerException) => File = file;

    /// <summary>The file's name.</summary>
    public string File { get; }
}
