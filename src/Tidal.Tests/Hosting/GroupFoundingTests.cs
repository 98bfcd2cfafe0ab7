using Tidal.Hosting;
using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Tests.Hosting;

/// <summary>A group is founded once, whenever a crash comes between.</summary>
public sealed class GroupFoundingTests
{
    private static readonly ShardPlace Place = new(default, default);

    [Fact]
    public void Founded_stores_are_left_alone()
    {
        var stores = Founded();
        var before = stores.Select(Bytes).ToList();
        Complete(stores);
        stores.Select(Bytes).Should().Equal(before);
    }

    [Fact]
    public void A_crash_before_all_were_founded_founds_them_anew()
    {
        var stores = Founded();
        stores[0].Append(GroupFounding.Mark, [1]);
        stores[1].Append(GroupFounding.Mark, [1]);
        ReplicaStoresMustDiffer(stores, [.. stores.Take(2), new MemoryLogStore()]);
    }

    [Fact]
    public void A_crash_while_the_marks_go_leaves_them_founded()
    {
        var stores = Founded();
        var before = stores.Select(Bytes).ToList();
        stores[1].Append(GroupFounding.Mark, [1]);
        Complete(stores);
        stores.Select(Bytes).Should().Equal(before);
    }

    [Fact]
    public void A_disk_that_was_lost_is_not_founded_by_itself()
    {
        var stores = Founded();
        stores[2] = new MemoryLogStore();
        Complete(stores);
        stores[2].List().Should().BeEmpty();
    }

    private static void ReplicaStoresMustDiffer(MemoryLogStore[] before, MemoryLogStore[] stores)
    {
        var bytes = Bytes(before[0]);
        Complete(stores);
        Bytes(stores[0]).Should().NotBe(bytes, "the stores' ids are new");
        stores.Should().OnlyContain(store => store.List().Count > 0 && !store.List().Contains(GroupFounding.Mark));
    }

    private static void Complete(MemoryLogStore[] stores)
    {
        var topology = new Topology(["us-east"], shards: 1, replicas: 3);
        StoreIdentity[] identities = [.. topology.Replicas.Select(replica => new StoreIdentity(topology, Place.Region, Place.Shard, replica))];
        GroupFounding.Complete(stores, identities, () => GroupFounding.Found(Place, stores));
    }

    private static MemoryLogStore[] Founded()
    {
        MemoryLogStore[] stores = [new(), new(), new()];
        Complete(stores);
        return stores;
    }

    private static string Bytes(MemoryLogStore store) => string.Join('/', store.List().Select(file =>
    {
        var bytes = new byte[store.Length(file)];
        store.Read(file, 0, bytes);
        return file + Convert.ToHexString(bytes);
    }));
}
