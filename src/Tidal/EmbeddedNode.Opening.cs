using Tidal.Hosting;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;

namespace Tidal;

// The store of an embedded database: in memory, or on a directory that is founded once and taken up again.
internal sealed partial class EmbeddedNode
{
    /// <summary>A file that says that the store is being founded: until it is gone nothing was written that counts.</summary>
    private const string FoundingMark = "founding";

    private readonly ILogStore _disk;

    /// <summary>Makes durable what there is, and gives the directory free.</summary>
    public void Dispose() => (_disk as IDisposable)?.Dispose();

    private static ILogStore OpenDisk(TidalDbOptions options) =>
        options.Store ?? (options.Directory is null ? new MemoryLogStore() : FileLogStore.Open(options.Directory, options.Files));

    private static ReplicaStore FoundOrOpen(ILogStore disk, TidalDbOptions options, Address self, StoreIdentity identity)
    {
        var (place, own) = (new ShardPlace(self.Region, self.Shard), new StoreId(1));
        var files = disk.List();
        if (files.Count == 0 || files.Contains(FoundingMark))
            Found(disk, identity, () => ReplicaStore.Found(disk, place, [new Voter(default, own)], own, options.Imports is null ? 0 : FoundingEpoch));
        else
            identity.MustBeOf(disk);
        return ReplicaStore.Open(disk, place, isSingle: true, own, new SegmentedLogOptions { CacheBytesMax = options.LogCacheBytesMax });
    }

    /// <summary>The mark comes first and goes last: a crash in between founds anew.</summary>
    private static void Found(ILogStore disk, StoreIdentity identity, Action found)
    {
        disk.Append(FoundingMark, [1]);
        disk.Flush();
        foreach (var file in disk.List())
        {
            if (file != FoundingMark)
                disk.Delete(file);
        }
        identity.Write(disk);
        found();
        disk.Delete(FoundingMark);
    }
}
