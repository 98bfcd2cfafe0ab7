using Tidal.Crdt;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Watches that nothing hidden is shown (invariant 6), with none of the engine's own registers. It reads what replicas commit,
/// record by record, and hears what clients were told and asked. Two things are leaks: an answer that lists for a user what a
/// hide, acknowledged before the question was asked, hides, if the asking region or the item's had committed that hide by
/// then; and a replica whose state hides something else than the committed records that its marks stand for say. Not safe for use by several
/// threads.
/// </summary>
public sealed class LeakWatcher : IClusterWatch
{
    /// <summary>Leaks told in words; more are only counted.</summary>
    public const int LeaksTold = 100;

    private readonly Dictionary<HideRecord, HashSet<RegionId>> _hides = [];
    private readonly Dictionary<HiddenThing, HlcTimestamp> _latestUndos = [];
    private readonly HashSet<(UserId, OperationId)> _acknowledged = [];
    private readonly Dictionary<UserId, List<HideRecord>> _hidesOf = [];
    private readonly Dictionary<ItemId, WatchedItem> _items = [];
    private readonly Dictionary<Address, WatchedReplica> _replicas = [];
    private readonly CommittedNegatives _negatives = new();
    private readonly List<string> _leaks = [];

    /// <summary>How many leaks there were.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them, a line each.</summary>
    public IReadOnlyList<string> Leaks => _leaks;

    /// <summary>Answers looked at that were for a user who hides something.</summary>
    public long AnswersWatched { get; private set; }

    /// <inheritdoc/>
    public void OnTold(ClusterClient client, WriteCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Record is { Kind: RecordKind.HardNegative, IsUndo: false } && call.Result!.Outcome == WriteOutcomeKind.Acknowledged)
            _acknowledged.Add((call.Record.User, call.Record.Operation));
    }

    /// <summary>A client asks a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="region">The region asked.</param>
    /// <returns>What must not be shown; to be given to <see cref="OnAnswer"/>.</returns>
    public AskedForUser? OnAsked(RetrieveQuery query, RegionId region)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.ForUser is not { } user || !_hidesOf.TryGetValue(user, out var hides))
            return null;
        var acknowledged = hides.Where(hide => _acknowledged.Contains((user, hide.Operation)));
        return new AskedForUser(query, region, [.. acknowledged.Select(hide => (hide, (IReadOnlySet<RegionId>)_hides[hide].ToHashSet()))]);
    }

    /// <summary>The query is answered.</summary>
    /// <param name="asked">What <see cref="OnAsked"/> gave.</param>
    /// <param name="answer">The answer.</param>
    public void OnAnswer(AskedForUser? asked, QueryAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (asked is null)
            return;
        AnswersWatched++;
        foreach (var item in answer.Items)
        {
            var watched = _items.GetValueOrDefault(item.Item) ?? new WatchedItem();
            foreach (var (hide, knownIn) in asked.Hides)
            {
                if (!Hides(hide.Thing, item.Item, watched) || _latestUndos.GetValueOrDefault(hide.Thing) > hide.Stamp)
                    continue;
                if (knownIn.Contains(asked.Region) || (asked.Query.Read == ReadScope.Home && knownIn.Contains(item.Home)))
                    Tell($"{asked.Region} lists {item.Item}, at home in {item.Home}, for {hide.Thing.User} ({asked.Query.Text}), hidden by {hide}");
            }
        }
    }

    /// <inheritdoc/>
    public void OnCommitted(ShardReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        if (!_replicas.TryGetValue(replica.Self, out var watched) || watched.Machine != replica)
            _replicas[replica.Self] = watched = new WatchedReplica(replica);
        var touched = new HashSet<(TenantId, UserId)>();
        foreach (var envelope in watched.ReadCommitted())
        {
            var batch = BatchReader.Open(envelope.Payload);
            for (var number = batch.Header.FirstNumber; batch.TryRead(out var record); number++)
                Take(replica.Self, batch.Header, number, record, touched);
        }
        foreach (var (tenant, user) in touched)
            Compare(watched, tenant, user);
    }

    /// <inheritdoc/>
    public void OnFounded(RegionId region, ShardId shard) => _negatives.GiveUp(region, shard);

    private void Take(Address place, in BatchHeader header, ulong number, in LogRecord record, HashSet<(TenantId, UserId)> touched)
    {
        if (record.Kind == RecordKind.Item)
        {
            if (!_items.TryGetValue(record.Item, out var item))
                _items.Add(record.Item, item = new WatchedItem());
            item.Take(record, header.Origin);
        }
        if (record.Kind != RecordKind.HardNegative)
            return;
        var thing = new HiddenThing(record.User, record.TargetKind, record.Target!, record.NegativeKind);
        if (record.IsUndo)
            _latestUndos[thing] = Later(_latestUndos.GetValueOrDefault(thing), record.Hlc);
        else
            KnowHide(new HideRecord(thing, record.Hlc, record.Operation), place.Region);
        _negatives.Take(place, header.Origin.Region, number, thing, record);
        touched.Add((header.Tenant, record.User));
    }

    private void KnowHide(HideRecord hide, RegionId region)
    {
        if (!_hides.TryGetValue(hide, out var knownIn))
        {
            _hides.Add(hide, knownIn = []);
            if (!_hidesOf.TryGetValue(hide.Thing.User, out var ofUser))
                _hidesOf.Add(hide.Thing.User, ofUser = []);
            ofUser.Add(hide);
        }
        knownIn.Add(region);
    }

    private void Compare(WatchedReplica replica, TenantId tenant, UserId user)
    {
        var state = replica.Machine.State.TenantOf(tenant).State;
        var held = state.HiddenBy(user).Select(target => new HiddenThing(user, target.TargetKind, target.Target, target.NegativeKind)).ToHashSet();
        var origins = replica.Machine.State.TenantOf(tenant).Origins;
        var expected = _negatives.HiddenBy(replica.Machine.Self.Shard, user, origin => origins.TryGetValue(origin, out var log) ? log.Mark.Number : 0);
        if (!held.SetEquals(expected))
            Tell($"{replica.Machine.Self} hides {held.Count} things from {user}, and the records that it holds say {expected.Count}");
    }

    private void Tell(string leak)
    {
        Count++;
        if (_leaks.Count < LeaksTold)
            _leaks.Add(leak);
    }

    private static bool Hides(HiddenThing thing, ItemId item, WatchedItem watched) => thing.TargetKind == TargetKind.Item
        ? thing.Target == item.Value
        : thing.Target == watched.Creator;

    private static HlcTimestamp Later(HlcTimestamp one, HlcTimestamp other) => one > other ? one : other;

    /// <summary>What a user hid, and in which way.</summary>
    /// <param name="User">The user.</param>
    /// <param name="TargetKind">Item or creator.</param>
    /// <param name="Target">Which.</param>
    /// <param name="NegativeKind">Hide, mute or block.</param>
    public readonly record struct HiddenThing(UserId User, TargetKind TargetKind, string Target, NegativeKind NegativeKind);

    /// <summary>A committed hide.</summary>
    /// <param name="Thing">What is hidden.</param>
    /// <param name="Stamp">Its stamp.</param>
    /// <param name="Operation">The write that it is of.</param>
    public readonly record struct HideRecord(HiddenThing Thing, HlcTimestamp Stamp, OperationId Operation);

    /// <summary>A query for a user as it was asked, with the hides acknowledged by then and where each was committed by then. Immutable.</summary>
    /// <param name="Query">The query.</param>
    /// <param name="Region">The region asked.</param>
    /// <param name="Hides">The hides, and the regions that had committed them.</param>
    public sealed record AskedForUser(
        RetrieveQuery Query, RegionId Region, IReadOnlyList<(HideRecord Hide, IReadOnlySet<RegionId> KnownIn)> Hides);

    /// <summary>What the records of an item say, wherever they are committed.</summary>
    private sealed class WatchedItem
    {
        private LwwRegister<string>? _creator;

        public string? Creator => _creator?.Value;

        public void Take(in LogRecord record, NodeId node)
        {
            foreach (var attribute in record.Attributes ?? [])
            {
                var creator = new LwwRegister<string>(attribute.Value, record.Hlc, node);
                if (attribute.Key == RetrievePlan.CreatorAttribute && (_creator is not { } held || creator.IsLaterThan(held)))
                    _creator = creator;
            }
        }
    }

    /// <summary>How far a replica's log was read.</summary>
    private sealed class WatchedReplica(ShardReplica machine)
    {
        private ulong _read;

        public ShardReplica Machine { get; } = machine;

        public IEnumerable<Envelope> ReadCommitted()
        {
            var log = Machine.Raft.Log;
            for (_read = Math.Max(_read + 1, log.FirstIndex); _read <= Machine.Raft.CommitIndex; _read++)
            {
                if (log.Read(_read) is { Kind: EnvelopeKind.Batch } envelope)
                    yield return envelope;
            }
            _read--;
        }
    }
}
