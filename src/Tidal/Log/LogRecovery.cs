using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// Reads the log of one replica from its store and says how much of it holds. It changes nothing. The rule: bytes at the end of
/// the last segment that are no whole envelope, with no whole envelope after them, are a torn tail and are left out; anything else
/// that is wrong means that the log lost something it had, and is refused.
/// </summary>
public static class LogRecovery
{
    /// <summary>Recovers a log.</summary>
    /// <param name="store">The replica's store; files other than segments and hard state are not looked at.</param>
    /// <param name="region">The replica's region.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="acceptCutBelowCommitIndex">True to be given a log that ends below its commit index rather than an error: its
    /// replica must be made a learner.</param>
    /// <param name="formatReadable">The newest batch version that is read.</param>
    /// <exception cref="CutBelowCommitIndexException">The log ends below what the disk remembers as committed.</exception>
    /// <exception cref="LogDamagedException">It is damaged before its tail, has a gap, or its epochs go down.</exception>
    /// <exception cref="LogFormatException">A file has a segment's extension but not a segment's name.</exception>
    /// <exception cref="UnsupportedFormatException">Something is whole but of a version or kind that is not read.</exception>
    public static RecoveredLog Run(
        ILogStore store, RegionId region, ShardId shard, bool acceptCutBelowCommitIndex = false, ushort formatReadable = BatchHeader.NewestVersion)
    {
        ArgumentNullException.ThrowIfNull(store);
        var names = FindSegments(store, region, shard);
        var hardState = HardStateJournal.Recover(store).State;
        var commitIndex = hardState?.CommitIndex ?? 0;
        var index = new LogIndex();
        RecoveryReport? cut = null;
        for (var i = 0; i < names.Count; i++)
            cut = ScanSegment(store, names[i], i == names.Count - 1, index, formatReadable, ref commitIndex);
        var log = new RecoveredLog(index, hardState, commitIndex, cut);
        if (log.IsCutBelowCommitIndex && !acceptCutBelowCommitIndex)
            throw CutBelow(log, new SegmentName(region, shard, 1));
        return log;
    }

    private static List<SegmentName> FindSegments(ILogStore store, RegionId region, ShardId shard)
    {
        var names = new List<SegmentName>();
        foreach (var file in store.List())
        {
            if (!file.EndsWith(SegmentName.Extension, StringComparison.Ordinal))
                continue;
            var name = SegmentName.Parse(file);
            if (name.Region != region || name.Shard != shard)
                throw new LogDamagedException(file, 0, $"a segment of {name.Region}, {name.Shard}", $"{region}, {shard}, whose store this is");
            names.Add(name);
        }
        names.Sort((left, right) => left.FirstIndex.CompareTo(right.FirstIndex));
        return names;
    }

    private static RecoveryReport? ScanSegment(
        ILogStore store, SegmentName name, bool isLast, LogIndex index, ushort formatReadable, ref ulong commitIndex)
    {
        using var stream = new LogStoreStream(store, name.ToString());
        var scanner = new SegmentScanner(stream, name);
        var isJoined = false;
        while (scanner.TryRead(out var envelope))
        {
            if (!isJoined)
                Join(scanner.Header!.Value, index);
            isJoined = true;
            envelope.MustBeReadable(formatReadable);
            index.Add(envelope.Index, envelope.GroupEpoch, envelope.Length);
            commitIndex = Math.Max(commitIndex, envelope.CommitIndex);
        }
        if (!isJoined && scanner.Header is { } header)
            Join(header, index);
        return scanner.Damage is { } damage ? CutOrRefuse(name, damage, isLast) : null;
    }

    /// <summary>Checks that a segment goes on where the one before ended.</summary>
    private static void Join(in SegmentHeader header, LogIndex index)
    {
        if (index.Segments.Count > 0)
        {
            var next = index.LastIndex + 1;
            if (header.Name.FirstIndex != next)
                throw new LogDamagedException(header.Name.ToString(), 0, $"the segment begins with index {header.Name.FirstIndex}", $"index {next}");
            if (header.PreviousEpoch != index.LastEpoch)
                throw new LogDamagedException(header.Name.ToString(), 0, $"the segment follows epoch {header.PreviousEpoch}", $"epoch {index.LastEpoch}");
        }
        index.AddSegment(header);
    }

    private static RecoveryReport CutOrRefuse(SegmentName name, in SegmentDamage damage, bool isLast)
    {
        var file = name.ToString();
        if (damage.IsFollowedByData)
            throw new LogDamagedException(file, damage.Offset, $"{damage.What}, with whole envelopes after it", damage.Expected);
        if (!isLast)
            throw new LogDamagedException(file, damage.Offset, $"{damage.What}, with segments after it", damage.Expected);
        return new RecoveryReport(file, damage.Offset, damage.BytesAfter, damage.What);
    }

    private static CutBelowCommitIndexException CutBelow(RecoveredLog log, SegmentName first)
    {
        var file = log.Cut?.File ?? (log.Index.Segments.Count > 0 ? log.Index.Last.File : first.ToString());
        var offset = log.Cut?.Offset ?? (log.Index.Segments.Count > 0 ? log.Index.Last.Length : 0);
        return new CutBelowCommitIndexException(file, offset, log.LastIndex, log.CommitIndex);
    }
}
