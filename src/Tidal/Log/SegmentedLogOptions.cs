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
}
