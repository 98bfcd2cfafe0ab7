using System.Collections.Concurrent;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.RealTime;

/// <summary>The disks of a cluster in real time: in memory, each teed. They outlive the replicas that write to them. Safe for use by several threads.</summary>
internal sealed class ClusterDisks(ClusterTee tee)
{
    private readonly ConcurrentDictionary<Address, MemoryLogStore> _disks = new();

    /// <summary>The disk at a place.</summary>
    public MemoryLogStore this[Address place] => _disks.GetOrAdd(place, static _ => new MemoryLogStore());

    /// <summary>The disk, as a replica is given it that starts: what is written to it is seen.</summary>
    public ILogStore Open(Address place) => new TeedLogStore(this[place], tee[place]);

    /// <summary>What becomes of a disk when its replica has crashed.</summary>
    /// <exception cref="VirtualTimeOnlyException">It is torn.</exception>
    public void Crashed(Address place, DiskFate fate)
    {
        if (fate == DiskFate.Torn)
            throw new VirtualTimeOnlyException("Power fails in the middle of a write");
        if (fate == DiskFate.Kept)
            return;
        _disks[place] = new MemoryLogStore();
        tee.Lost(place);
    }
}
