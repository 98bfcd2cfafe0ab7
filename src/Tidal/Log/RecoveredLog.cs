namespace Tidal.Log;

/// <summary>
/// What was left out of a log when it was recovered: a torn tail. It may hold what was flushed and answered, for rot in the
/// last write looks the same (PROTOCOL 5); that is for the caller to find out.
/// </summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">Where the cut is, in bytes from its start; 0 when not even the segment's header was whole.</param>
/// <param name="BytesCut">Bytes from there to the file's end.</param>
/// <param name="Reason">What is wrong with them.</param>
public readonly record struct RecoveryReport(string File, long Offset, long BytesCut, string Reason);

/// <summary>Where an envelope lies.</summary>
/// <param name="File">The segment file's name.</param>
/// <param name="Offset">Bytes from its start.</param>
/// <param name="Length">Bytes of the envelope.</param>
/// <param name="Index">Its index.</param>
/// <param name="Epoch">Its group epoch.</param>
public readonly record struct EnvelopeLocation(string File, long Offset, int Length, ulong Index, ulong Epoch);

/// <summary>What <see cref="LogRecovery"/> found on a store. Not thread safe while the log that was opened on it is written.</summary>
public sealed class RecoveredLog
{
    internal RecoveredLog(LogIndex index, HardState? hardState, ulong commitIndex, RecoveryReport? cut)
    {
        Index = index;
        HardState = hardState;
        CommitIndex = commitIndex;
        Cut = cut;
        FirstIndex = index.FirstIndex;
        LastIndex = index.LastIndex;
        LastEpoch = index.LastEpoch;
    }

    /// <summary>The first index held; 1 for an empty log.</summary>
    public ulong FirstIndex { get; }

    /// <summary>The last index held; one below the first for an empty log.</summary>
    public ulong LastIndex { get; }

    /// <summary>The group epoch at the last index.</summary>
    public ulong LastEpoch { get; }

    /// <summary>The highest commit index that the disk remembers, in its hard state or in an envelope.</summary>
    public ulong CommitIndex { get; }

    /// <summary>The hard state found beside the log; null if there is none.</summary>
    public HardState? HardState { get; }

    /// <summary>The torn tail that was left out; null if the log was whole.</summary>
    public RecoveryReport? Cut { get; }

    /// <summary>Whether the log ends below <see cref="CommitIndex"/>: its replica is a learner.</summary>
    public bool IsCutBelowCommitIndex => LastIndex < CommitIndex;

    /// <summary>Where the envelopes lie, in order of their indexes.</summary>
    public IEnumerable<EnvelopeLocation> Envelopes
    {
        get
        {
            foreach (var segment in Index.Segments)
            {
                for (var index = segment.FirstIndex; index <= segment.LastIndex; index++)
                    yield return new(segment.File, segment.OffsetOf(index), segment.LengthOf(index), index, Index.EpochAt(index));
            }
        }
    }

    internal LogIndex Index { get; }
}
