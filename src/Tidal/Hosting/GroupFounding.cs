using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// Founds the group of a shard on empty stores, or leaves one alone that was founded before. A crash in between founds it anew: each
/// store says that it is being founded until all of them are, and nothing can have been written before that.
/// </summary>
internal static class GroupFounding
{
    /// <summary>A file that says that the group of the store is being founded.</summary>
    public const string Mark = "founding";

    /// <summary>Sees to it that the group is founded.</summary>
    /// <param name="stores">The stores of its replicas, in order of their places.</param>
    /// <param name="identities">What each of them is.</param>
    /// <param name="found">Founds the group on empty stores, and flushes them.</param>
    public static void Complete(IReadOnlyList<ILogStore> stores, IReadOnlyList<StoreIdentity> identities, Action found)
    {
        ArgumentNullException.ThrowIfNull(stores);
        // An empty store beside a founded one has lost its disk: its replica comes back as a learner.
        if (stores.All(IsUnfounded))
        {
            Empty(stores);
            for (var replica = 0; replica < stores.Count; replica++)
                identities[replica].Write(stores[replica]);
            found();
        }
        foreach (var store in stores)
            store.Delete(Mark);
    }

    /// <summary>Founds the group of a shard.</summary>
    /// <param name="place">The group.</param>
    /// <param name="stores">The stores of its replicas, in order of their places.</param>
    public static void Found(ShardPlace place, IReadOnlyList<ILogStore> stores)
    {
        Voter[] voters = [.. stores.Select((_, replica) => new Voter(new ReplicaId((byte)replica), HostContext.NewStoreId()))];
        for (var replica = 0; replica < stores.Count; replica++)
            ReplicaStore.Found(stores[replica], place, voters, voters[replica].Store);
    }

    private static bool IsUnfounded(ILogStore store)
    {
        var files = store.List();
        return files.Count == 0 || files.Contains(Mark);
    }

    private static void Empty(IReadOnlyList<ILogStore> stores)
    {
        foreach (var store in stores)
        {
            // The mark first, and the last to go: without it what is there would count.
            store.Append(Mark, [1]);
            store.Flush();
            foreach (var file in store.List().Where(file => file != Mark))
                store.Delete(file);
        }
    }
}
