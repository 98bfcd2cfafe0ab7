using Tidal.Hosting;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;

namespace Tidal;

// The store of an embedded database: in memory, or on a directory that is founded once and taken up again.
internal sealed partial class EmbeddedNode
{
    private readonly ILogStore _disk;

    /// <summary>Makes durable what there is, and gives the directory free.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        (_disk as IDisposable)?.Dispose();
    }

    private static ILogStore OpenDisk(TidalDbOptions options) =>
        options.Store ?? (options.Directory is null ? new MemoryLogStore() : FileLogStore.Open(options.Directory, options.Files));

    private static ReplicaStore FoundOrOpen(ILogStore disk, TidalDbOptions options, Address self, StoreIdentity identity)
    {
        var (place, own) = (new ShardPlace(self.Region, self.Shard), new StoreId(1));
        var epoch = options.Imports is null ? 0 : FoundingEpoch;
        GroupFounding.Complete([disk], [identity], () => ReplicaStore.Found(disk, place, [new Voter(default, own)], own, epoch));
        identity.Claim(disk);
        return ReplicaStore.Open(disk, place, isSingle: true, own, new SegmentedLogOptions { CacheBytesMax = options.LogCacheBytesMax });
    }
}
