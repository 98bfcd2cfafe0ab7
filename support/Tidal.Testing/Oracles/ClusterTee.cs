using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// The tees off all log stores of a cluster, and what they saw: kept outside the stores, so that it survives every crash, lost
/// disk and checkpoint. Not safe for use by several threads.
/// </summary>
internal sealed class ClusterTee
{
    private readonly TeedBatches _batches = new();
    private readonly Dictionary<Address, StoreTee> _stores = [];
    private readonly Dictionary<(RegionId, ShardId), List<TeedEntry>> _lost = [];
    private readonly Dictionary<(RegionId, ShardId), int> _foundings = [];

    /// <summary>Every batch that any store was given.</summary>
    public TeedBatches Batches => _batches;

    /// <summary>The tee off the store that stands at a place.</summary>
    public StoreTee this[Address place]
    {
        get
        {
            if (!_stores.TryGetValue(place, out var tee))
                _stores.Add(place, tee = new StoreTee(_batches));
            return tee;
        }
    }

    /// <summary>A disk is lost, and an empty one takes its place. What was committed on it is remembered.</summary>
    public void Lost(Address place)
    {
        if (_stores.Remove(place, out var tee))
            LostOf(place.Region, place.Shard).AddRange(tee.CommittedEntries);
    }

    /// <summary>A group is founded; anew, if it was before: then what its lost disks held is given up, by an operator's order.</summary>
    public void Founded(RegionId region, ShardId shard)
    {
        LostOf(region, shard).Clear();
        _foundings[(region, shard)] = _foundings.GetValueOrDefault((region, shard)) + 1;
    }

    /// <summary>Whether a group was founded anew.</summary>
    public bool IsFoundedAnew(RegionId region, ShardId shard) => _foundings.GetValueOrDefault((region, shard)) > 1;

    /// <summary>The committed entries of a group's log, as each of its stores was given them.</summary>
    /// <param name="region">The region.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="commitIndex">Up to where the group has committed.</param>
    public IEnumerable<TeedEntry> Committed(RegionId region, ShardId shard, ulong commitIndex) => _stores
        .Where(store => store.Key.Region == region && store.Key.Shard == shard)
        .SelectMany(store => store.Value.Entries)
        .Concat(LostOf(region, shard))
        .Where(entry => entry.Index <= commitIndex);

    private List<TeedEntry> LostOf(RegionId region, ShardId shard)
    {
        if (!_lost.TryGetValue((region, shard), out var entries))
            _lost.Add((region, shard), entries = []);
        return entries;
    }
}
