using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// One origin's log of a tenant in a shard, as its home group committed it: put together from what was teed off the stores of that group,
/// and checked by itself. Not safe for use by several threads.
/// </summary>
internal sealed class OriginHistory
{
    private readonly List<TeedBatch> _batches = [];
    private readonly List<string> _problems = [];

    private OriginHistory()
    {
    }

    /// <summary>The batches, in order, contiguous from the first.</summary>
    public IReadOnlyList<TeedBatch> Batches => _batches;

    /// <summary>What is wrong with the log itself.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Puts an origin's log together.</summary>
    /// <param name="home">What its home group committed.</param>
    /// <param name="linked">
    /// What the origin's mark stands for, by the checksums that link its batches: where a disk was lost, or the group founded anew,
    /// and a checkpoint or another region had what no log of the group shows as committed.
    /// </param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="origin">The origin.</param>
    public static OriginHistory Of(IEnumerable<TeedEntry> home, IEnumerable<TeedBatch> linked, TenantId tenant, RegionId origin)
    {
        var history = new OriginHistory();
        var byNumber = new SortedDictionary<ulong, TeedBatch>();
        history.Gather(home, (tenant, origin), byNumber);
        foreach (var batch in linked)
            byNumber.TryAdd(batch.Header.FirstNumber, batch);
        history.Chain(byNumber.Values);
        return history;
    }

    private void Gather(IEnumerable<TeedEntry> home, (TenantId, RegionId) stream, SortedDictionary<ulong, TeedBatch> byNumber)
    {
        var byIndex = new Dictionary<ulong, TeedEntry>();
        foreach (var entry in home)
        {
            if (!byIndex.TryAdd(entry.Index, entry) && byIndex[entry.Index] != entry)
                _problems.Add($"two records were committed at index {entry.Index}, of epochs {byIndex[entry.Index].Epoch} and {entry.Epoch}");
            if (entry.Batch is { } batch && (batch.Header.Tenant, batch.Header.Origin.Region) == stream && !byNumber.TryAdd(batch.Header.FirstNumber, batch)
                && byNumber[batch.Header.FirstNumber] != batch)
                _problems.Add($"two batches were committed under number {batch.Header.FirstNumber}");
        }
    }

    private void Chain(IEnumerable<TeedBatch> batches)
    {
        var (number, crc) = (0UL, 0u);
        foreach (var batch in batches)
        {
            if (batch.Header.FirstNumber != number + 1 || batch.Header.PreviousCrc != crc)
            {
                _problems.Add($"the batch of numbers {batch.Header.FirstNumber} to {batch.Header.LastNumber} does not follow number {number}, CRC {crc:X8}");
                return;
            }
            (number, crc) = (batch.Header.LastNumber, batch.Header.Crc);
            _batches.Add(batch);
        }
    }
}
