using Tidal.Log;
using Tidal.Replication;

namespace Tidal;

// Other clusters' logs: taken as a region takes them from another, in the place of a region that was founded anew.
internal sealed partial class EmbeddedNode
{
    /// <summary>Above the epochs of all logs that may come; an epoch counts elections, and is 64 bits wide.</summary>
    private const ulong FoundingEpoch = 1UL << 40;

    /// <summary>So many batches at a time are written before they are committed together.</summary>
    private const int BatchesAtOnce = 1024;

    private readonly bool _isImporting;

    /// <summary>All that the log adds up to.</summary>
    public ShardState State => _replica.State;

    /// <summary>Takes in batches of one origin's log.</summary>
    public void Import(IReadOnlyList<ReadOnlyMemory<byte>> batches)
    {
        if (!_isImporting)
            throw new InvalidOperationException("The database was opened without the options that say whose logs it takes.");
        _replica.Recovery.AwaitsHost = true;
        for (var place = 0; place < batches.Count; place += BatchesAtOnce)
            Import([.. batches.Skip(place).Take(BatchesAtOnce)], BatchHeader.Read(batches[place].Span));
    }

    private void Import(ReadOnlyMemory<byte>[] run, in BatchHeader first)
    {
        var origin = first.Origin.Region;
        _replica.Receive(Now, _replica.Self with { Region = origin }, new ShipBatches { Tenant = first.Tenant, Origin = origin, Batches = run });
        Settle();
        var last = BatchHeader.Read(run[^1].Span);
        var held = first.Tenant == _tenant ? State.TenantOf(first.Tenant).OriginOf(origin).Mark : default;
        if (held.Number < last.LastNumber)
        {
            throw new ImportException(
                $"Of {origin}, {last.Shard}, the batches from {first.FirstNumber} to {last.LastNumber} were sent; "
                + $"what follows number {held.Number} (epoch {held.Epoch}, CRC {held.Crc:X8}) was expected, and not found whole among them.");
        }
    }

    /// <summary>What was imported is all that there is: the other regions hold no more of the own region's log.</summary>
    private void EndImport()
    {
        if (!_replica.Recovery.AwaitsHost)
            return;
        _replica.Recovery.AwaitsHost = false;
        var self = _replica.Self.Region;
        var own = new MarkReport(_tenant, self, State.TenantOf(_tenant).OriginOf(self).Mark);
        foreach (var region in _replica.Settings.Topology.Regions.Where(region => region != self))
            _replica.Receive(Now, _replica.Self with { Region = region }, new ShipMarks { Marks = [own], IsComplete = false });
        Settle();
    }
}
