using System.Collections.Concurrent;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// The tees off all log stores of a cluster, and what they saw: kept outside the stores, so that it survives every crash, lost
/// disk and checkpoint. Stores may be written to by a thread each; they are read while none is.
/// </summary>
internal sealed class ClusterTee
{
    private readonly TeedBatches _batches = new();
    private readonly ConcurrentDictionary<Address, StoreTee> _stores = new();
    private readonly ConcurrentDictionary<(RegionId, ShardId), List<TeedEntry>> _lost = new();

    /// <summary>Every batch that any store was given.</summary>
    public TeedBatches Batches => _batches;

    /// <summary>The tee off the store that stands at a place.</summary>
    public StoreTee this[Address place] => _stores.GetOrAdd(place, _ => new StoreTee(_batches));

    /// <summary>A disk is lost, and an empty one takes its place. What was committed on it is remembered.</summary>
    public void Lost(Address place)
    {
        if (_stores.TryRemove(place, out var tee))
            LostOf(place.Region, place.Shard).AddRange(tee.CommittedEntries);
    }

    /// <summary>A group is founded; anew, if it was before: then what its lost disks held is given up, by an operator's order.</summary>
    public void Founded(RegionId region, ShardId shard) => LostOf(region, shard).Clear();

    /// <summary>The committed entries of a group's log, as each of its stores was given them.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="commitIndex">Up to where the group has committed.</param>
    public IEnumerable<TeedEntry> Committed(RegionId region, ShardId shard, ulong commitIndex) => _stores
        .Where(store => store.Key.Region == region && store.Key.Shard == shard)
        .SelectMany(store => store.Value.Entries)
        .Concat(LostOf(region, shard))
        .Where(entry => entry.Index <= commitIndex);

    private List<TeedEntry> LostOf(RegionId region, ShardId shard) => _lost.GetOrAdd((region, shard), static _ => []);
}
