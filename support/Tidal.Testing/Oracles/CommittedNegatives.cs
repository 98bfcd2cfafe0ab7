using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Every hide and undo that was committed anywhere, by the place of its record in its origin's log: so what a replica must hide
/// follows from its marks alone, whether it has the records or a snapshot that stands for them. Not safe for use by several
/// threads.
/// </summary>
internal sealed class CommittedNegatives
{
    private sealed record Negative(RegionId Origin, ulong Number, LeakWatcher.HiddenThing Thing, HlcTimestamp Stamp, bool IsUndo)
    {
        public HashSet<RegionId> CommittedIn { get; } = [];
    }

    private readonly Dictionary<(ShardId Shard, UserId User), SortedDictionary<(RegionId, ulong), Negative>> _ofUsers = [];

    /// <summary>A replica has committed a hide or an undo.</summary>
    public void Take(Address place, RegionId origin, ulong number, LeakWatcher.HiddenThing thing, in LogRecord record)
    {
        if (!_ofUsers.TryGetValue((place.Shard, thing.User), out var ofUser))
            _ofUsers.Add((place.Shard, thing.User), ofUser = []);
        if (!ofUser.TryGetValue((origin, number), out var negative))
            ofUser.Add((origin, number), negative = new Negative(origin, number, thing, record.Hlc, record.IsUndo));
        negative.CommittedIn.Add(place.Region);
    }

    /// <summary>A group is founded anew: what it had accepted and nobody else has committed is given up, and its numbers come again.</summary>
    public void GiveUp(RegionId region, ShardId shard)
    {
        foreach (var (_, ofUser) in _ofUsers.Where(entry => entry.Key.Shard == shard))
        {
            foreach (var (key, _) in ofUser.Where(entry => entry.Value.Origin == region && entry.Value.CommittedIn.All(held => held == region)).ToList())
                ofUser.Remove(key);
        }
    }

    /// <summary>What a user hides, by the records up to some marks. Of a hide and an undo at the same instant the hide holds.</summary>
    public IReadOnlySet<LeakWatcher.HiddenThing> HiddenBy(ShardId shard, UserId user, Func<RegionId, ulong> markOf)
    {
        var latest = new Dictionary<LeakWatcher.HiddenThing, (ulong Hide, ulong Undo)>();
        foreach (var negative in _ofUsers.GetValueOrDefault((shard, user))?.Values.Where(held => held.Number <= markOf(held.Origin)) ?? [])
        {
            var (hide, undo) = latest.GetValueOrDefault(negative.Thing);
            latest[negative.Thing] = negative.IsUndo
                ? (hide, Math.Max(undo, negative.Stamp.Packed))
                : (Math.Max(hide, negative.Stamp.Packed), undo);
        }
        return latest.Where(pair => pair.Value.Hide > 0 && pair.Value.Hide >= pair.Value.Undo).Select(pair => pair.Key).ToHashSet();
    }
}
