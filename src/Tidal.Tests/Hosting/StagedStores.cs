using System.Collections.Concurrent;
using Tidal.Hosting;
using Tidal.Replication;

namespace Tidal.Tests.Hosting;

/// <summary>The stores of a cluster, each kept for as long as the test lasts.</summary>
internal sealed class StagedStores(Func<StagedStore>? make = null)
{
    private readonly ConcurrentDictionary<Address, StagedStore> _stores = [];

    public StagedStore this[Address replica] => _stores.GetOrAdd(replica, _ => make?.Invoke() ?? new StagedStore());

    public IEnumerable<StagedStore> All => _stores.Values;

    public TidalClusterOptions On(TidalClusterOptions options) => options with { Stores = replica => this[replica] };

    /// <summary>Holds up every flush, or lets them go on.</summary>
    public void HoldFlushes(bool held)
    {
        foreach (var store in All)
            store.Flushes.IsShut = held;
    }

    /// <summary>The power fails: of each store only what was flushed is left.</summary>
    public void LoseWhatIsNotFlushed()
    {
        foreach (var store in All)
            store.Disk = store.Disk.SurvivorOfPowerLoss((_, _) => 0);
    }
}
