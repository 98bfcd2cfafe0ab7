using Tidal.Log;
using Tidal.Replication;
using Tidal.Replication.Reconciling;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>A tenant's data goes to no region that does not hold it, whichever of the two knows the older table.</summary>
public sealed class ResidencyScenarios
{
    private static readonly RegionId One = new(1);

    // Region 1 held the tenant by the table of version 1, and does not by the next one.
    private readonly ShardHarness _shard = new(regions: 2) { Loses = letter => letter.Message is TableUpdate };

    [Fact]
    public void Who_ships_by_an_older_table_is_not_taken_from()
    {
        _shard.TenantsIn(1).Take(Narrowed());
        _shard.Write(1);
        _shard.Run(2000);
        _shard.Ship(0, 1, [.. ShardHarness.BatchesIn(_shard[0], 0).Select(batch => (ReadOnlyMemory<byte>)batch)]);
        var snapshot = _shard[0].State.TenantOf(TenantId.First).ToSnapshot(TenantId.First);
        _shard.Deliver(_shard[0].Self, _shard[1].Self, new ShipSnapshot { Tenant = TenantId.First, Id = ulong.MaxValue / 2, Number = 0, Count = 1, Bytes = snapshot, Crc = Crc32C.Of(snapshot) });
        _shard.Run(1000);
        HoldsNothing();
        _shard.SentBy<GapRequest>(1).Should().BeEmpty();
        _shard.SentBy<SnapshotProgress>(1).Should().BeEmpty();
    }

    [Fact]
    public void Who_asks_by_an_older_table_is_not_sent_to()
    {
        _shard.TenantsIn(0).Take(Narrowed());
        _shard.Write(1);
        _shard.Run(2000);
        _shard.Deliver(_shard[1].Self, _shard[0].Self, new GapRequest { Tenant = TenantId.First, Origin = default, From = 1 });
        _shard.Deliver(_shard[1].Self, _shard[0].Self, new SnapshotRequest { Tenant = TenantId.First });
        _shard.Deliver(_shard[1].Self, _shard[0].Self, new StreamDiverged { Tenant = TenantId.First, Origin = default, Number = 1 });
        _shard.Run(2000);
        SentNothing();
        HoldsNothing();
    }

    /// <summary>Streams, snapshots and reconciliations that were begun under the older table end with it.</summary>
    [Fact]
    public void What_was_under_way_when_the_region_lost_the_tenant_stops()
    {
        _shard.Run(1000);
        _shard.Loses = letter => letter.Message is TableUpdate || letter.To.Region == One;
        _shard.Write(1);
        _shard.Run(2000);
        _shard.TenantsIn(0).Take(Narrowed());
        _shard.Sent.Clear();
        _shard.Loses = letter => letter.Message is TableUpdate;
        _shard.Write(2);
        _shard.Run(3000);
        SentNothing();
        HoldsNothing();
    }

    private RoutingTable Narrowed()
    {
        var table = _shard.TenantsIn(0).Table;
        var placement = table.Find(TenantId.First)!;
        return table.Replace(placement with { Residency = [default], Wanted = [default], Members = [placement.Members[0]] });
    }

    private void HoldsNothing()
    {
        ShardHarness.BatchesIn(_shard[1], origin: 0).Should().BeEmpty();
        _shard[1].State.Tenants.Values.Should().NotContain(tenant => tenant.Origins.Values.Any(origin => origin.Mark.Number > 0));
    }

    private void SentNothing() => _shard.Sent.Where(letter => letter.From.Region == default && letter.To.Region == One)
        .Should().NotContain(letter => letter.Message is ShipBatches || letter.Message is ShipSnapshot || letter.Message is ReconcileMessage
            || (letter.Message is ShipMarks && ((ShipMarks)letter.Message).Marks.Count > 0));
}
