namespace Tidal.Log;

/// <summary>The bounds of a <see cref="SegmentedLog"/>. Immutable.</summary>
public sealed record SegmentedLogOptions
{
    /// <summary>
    /// Bytes after which a segment is closed and the next begun; default 16 MiB, at most 1 GiB. An envelope is never split, so a
    /// segment with one envelope may be longer; with 0 every envelope has a segment of its own.
    /// </summary>
    public int SegmentBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of the latest envelopes kept in memory for followers that are nearly level; default 4 MiB; 0 keeps none.</summary>
    public int CacheBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Whether a log that ends below its commit index is opened rather than refused; default false. Who says true makes the
    /// replica a learner (PROTOCOL 1).
    /// </summary>
    public bool AcceptCutBelowCommitIndex { get; init; }

    /// <summary>
    /// The newest batch version that is read; default <see cref="BatchHeader.NewestVersion"/>. A log that holds a newer one, or
    /// was raised to one by a format record, is refused. Lower it on every node, one after the other, to hold a format back: the
    /// cluster raises a format once every node reads it (PROTOCOL 9), and what was raised is raised for good.
    /// </summary>
    public ushort FormatReadable { get; init; } = BatchHeader.NewestVersion;
}
