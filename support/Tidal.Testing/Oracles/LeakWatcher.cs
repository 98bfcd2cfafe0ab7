using System.Collections.Concurrent;
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
/// then; and a replica whose state hides something else than its own committed records say. Safe for use by several threads, if
/// of one replica it hears from one at a time.
/// </summary>
public sealed class LeakWatcher : IClusterWatch
{
    /// <summary>Leaks told in words; more are only counted.</summary>
    public const int LeaksTold = 100;

    private readonly Dictionary<HideRecord, HashSet<RegionId>> _hides = [];
    private readonly Dictionary<HiddenThing, HlcTimestamp> _latestUndos = [];
    private readonly HashSet<(TenantId, UserId, OperationId)> _acknowledged = [];
    private readonly Dictionary<(TenantId, UserId), List<HideRecord>> _hidesOf = [];
    private readonly Dictionary<(TenantId, ItemId), WatchedItem> _items = [];
    private readonly ConcurrentDictionary<Address, WatchedReplica> _replicas = new();
    private readonly List<string> _leaks = [];
    private readonly Lock _lock = new();

    private readonly ClusterTee _tee;

    /// <summary>A watcher over a cluster that is about to be founded.</summary>
    /// <param name="tee">What was written to the cluster's stores: there is read what a checkpoint or a snapshot stands for.</param>
    internal LeakWatcher(ClusterTee tee) => _tee = tee;

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
        {
            lock (_lock)
                _acknowledged.Add((call.Tenant, call.Record.User, call.Record.Operation));
        }
    }

    /// <summary>A client asks a query.</summary>
    /// <param name="tenant">Whose data.</param>
    /// <param name="query">The query.</param>
    /// <param name="region">The region asked.</param>
    /// <returns>What must not be shown; to be given to <see cref="OnAnswer"/>.</returns>
    public AskedForUser? OnAsked(TenantId tenant, RetrieveQuery query, RegionId region)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
            return query.ForUser is { } user && _hidesOf.TryGetValue((tenant, user), out var hides) ? AskedFor(tenant, query, region, user, hides) : null;
    }

    private AskedForUser AskedFor(TenantId tenant, RetrieveQuery query, RegionId region, UserId user, List<HideRecord> hides)
    {
        var acknowledged = hides.Where(hide => _acknowledged.Contains((tenant, user, hide.Operation)));
        return new AskedForUser(tenant, query, region, [.. acknowledged.Select(hide => (hide, (IReadOnlySet<RegionId>)_hides[hide].ToHashSet()))]);
    }

    /// <summary>The query is answered.</summary>
    /// <param name="asked">What <see cref="OnAsked"/> gave.</param>
    /// <param name="answer">The answer.</param>
    public void OnAnswer(AskedForUser? asked, QueryAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (asked is null)
            return;
        lock (_lock)
            Judge(asked, answer);
    }

    private void Judge(AskedForUser asked, QueryAnswer answer)
    {
        AnswersWatched++;
        foreach (var item in answer.Items)
        {
            var watched = _items.GetValueOrDefault((asked.Tenant, item.Item)) ?? new WatchedItem();
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
        // One after the other as they stand in the log: an erase between two of them forgets what came before it, and only that.
        var touched = new HashSet<(TenantId, UserId)>();
        foreach (var bytes in watched.ReadCommitted(_tee))
        {
            // Most batches have nothing but signals in them; of one that was seen on its way to a store that is known.
            if (_tee.Batches.Find(bytes.Span) is { HasOnlySignals: true })
                continue;
            lock (_lock)
                Take(watched, bytes, touched);
        }
        if (touched.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var (tenant, user) in touched)
                Compare(watched, tenant, user);
        }
    }

    private void Take(WatchedReplica watched, ReadOnlyMemory<byte> bytes, HashSet<(TenantId, UserId)> touched)
    {
        var batch = BatchReader.Open(bytes);
        while (batch.TryRead(out var record))
            Take(watched, batch.Header, record, touched);
    }

    private void Take(WatchedReplica replica, in BatchHeader header, in LogRecord record, HashSet<(TenantId, UserId)> touched)
    {
        if (record.Kind == RecordKind.Item)
        {
            if (!_items.TryGetValue((header.Tenant, record.Item), out var item))
                _items.Add((header.Tenant, record.Item), item = new WatchedItem());
            item.Take(record, header.Origin);
        }
        if (record.Kind != RecordKind.HardNegative)
            return;
        var thing = new HiddenThing(header.Tenant, record.User, record.TargetKind, record.Target!, record.NegativeKind);
        if (record.IsUndo)
            _latestUndos[thing] = Later(_latestUndos.GetValueOrDefault(thing), record.Hlc);
        else
            KnowHide(new HideRecord(thing, record.Hlc, record.Operation), replica.Machine.Self.Region);
        replica.Take(thing, record);
        touched.Add((header.Tenant, record.User));
    }

    private void KnowHide(HideRecord hide, RegionId region)
    {
        if (!_hides.TryGetValue(hide, out var knownIn))
        {
            _hides.Add(hide, knownIn = []);
            var user = (hide.Thing.Tenant, hide.Thing.User);
            if (!_hidesOf.TryGetValue(user, out var ofUser))
                _hidesOf.Add(user, ofUser = []);
            ofUser.Add(hide);
        }
        knownIn.Add(region);
    }

    private void Compare(WatchedReplica replica, TenantId tenant, UserId user)
    {
        var state = replica.Machine.State.TenantOf(tenant).State;
        var held = state.HiddenBy(user).Select(target => new HiddenThing(tenant, user, target.TargetKind, target.Target, target.NegativeKind)).ToHashSet();
        if (!held.SetEquals(replica.HiddenBy(tenant, user)))
            Tell($"{replica.Machine.Self} hides {held.Count} things from {user}, and its records say {replica.HiddenBy(tenant, user).Count()}");
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
    /// <param name="Tenant">Whose user.</param>
    /// <param name="User">The user.</param>
    /// <param name="TargetKind">Item or creator.</param>
    /// <param name="Target">Which.</param>
    /// <param name="NegativeKind">Hide, mute or block.</param>
    public readonly record struct HiddenThing(TenantId Tenant, UserId User, TargetKind TargetKind, string Target, NegativeKind NegativeKind);

    /// <summary>A committed hide.</summary>
    /// <param name="Thing">What is hidden.</param>
    /// <param name="Stamp">Its stamp.</param>
    /// <param name="Operation">The write that it is of.</param>
    public readonly record struct HideRecord(HiddenThing Thing, HlcTimestamp Stamp, OperationId Operation);

    /// <summary>A query for a user as it was asked, with the hides acknowledged by then and where each was committed by then. Immutable.</summary>
    /// <param name="Tenant">Whose data was asked for.</param>
    /// <param name="Query">The query.</param>
    /// <param name="Region">The region asked.</param>
    /// <param name="Hides">The hides, and the regions that had committed them.</param>
    public sealed record AskedForUser(
        TenantId Tenant, RetrieveQuery Query, RegionId Region, IReadOnlyList<(HideRecord Hide, IReadOnlySet<RegionId> KnownIn)> Hides);

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

    /// <summary>How far a replica's log was read, and what its records hide.</summary>
    private sealed class WatchedReplica(ShardReplica machine)
    {
        private readonly Dictionary<(TenantId, UserId), Dictionary<HiddenThing, (HlcTimestamp Hide, HlcTimestamp Undo)>> _latest = [];
        private readonly Dictionary<(TenantId, RegionId), ulong> _numbers = [];
        private readonly Dictionary<TenantId, ulong> _erasedBy = [];
        private ulong _read;

        public ShardReplica Machine { get; } = machine;

        /// <summary>The batches committed since the last call, and those that a checkpoint or a snapshot brought in their place, by the marks.</summary>
        public IEnumerable<ReadOnlyMemory<byte>> ReadCommitted(ClusterTee tee)
        {
            var log = Machine.Raft.Log;
            if (_read + 1 < log.FirstIndex)
                ForgetErasedUnseen();
            for (_read = Math.Max(_read + 1, log.FirstIndex); _read <= Machine.Raft.CommitIndex; _read++)
            {
                var envelope = log.Read(_read);
                if (envelope.Kind != EnvelopeKind.Batch)
                {
                    if (ControlRecord.Decode(envelope.Payload) is { Kind: ControlKind.Erase } erase)
                        Forget(erase.Tenant, erase.TableVersion);
                    continue;
                }
                var header = BatchHeader.Read(envelope.Payload.Span);
                var stream = (header.Tenant, header.Origin.Region);
                if (header.FirstNumber == _numbers.GetValueOrDefault(stream) + 1)
                    _numbers[stream] = header.LastNumber;
                yield return envelope.Payload;
            }
            _read--;
            foreach (var (tenant, replica) in Machine.State.Tenants)
            {
                foreach (var batch in replica.Origins.SelectMany(origin => ReadUpTo((tenant, origin.Key), origin.Value.Mark, tee)))
                    yield return batch.Bytes;
            }
        }

        // A checkpoint stood for the erase.
        private void ForgetErasedUnseen()
        {
            foreach (var tenant in _numbers.Keys.Select(stream => stream.Item1).Distinct().ToList())
            {
                if (Machine.State.ErasedBy(tenant) is var version && version > _erasedBy.GetValueOrDefault(tenant))
                    Forget(tenant, version);
            }
        }

        private void Forget(TenantId tenant, ulong version)
        {
            _erasedBy[tenant] = version;
            foreach (var stream in _numbers.Keys.Where(stream => stream.Item1 == tenant).ToList())
                _numbers.Remove(stream);
            foreach (var user in _latest.Keys.Where(user => user.Item1 == tenant).ToList())
                _latest.Remove(user);
        }

        private IEnumerable<TeedBatch> ReadUpTo((TenantId Tenant, RegionId Origin) stream, OriginMark mark, ClusterTee tee)
        {
            var read = _numbers.GetValueOrDefault(stream);
            if (mark.Number <= read)
                return [];
            _numbers[stream] = mark.Number;
            return tee.Batches.UpTo(stream.Tenant, Machine.Self.Shard, stream.Origin, mark).TakeWhile(batch => batch.Header.LastNumber > read);
        }

        public void Take(HiddenThing thing, in LogRecord record)
        {
            var user = (thing.Tenant, thing.User);
            if (!_latest.TryGetValue(user, out var ofUser))
                _latest.Add(user, ofUser = []);
            var (hide, undo) = ofUser.GetValueOrDefault(thing);
            ofUser[thing] = record.IsUndo ? (hide, Later(undo, record.Hlc)) : (Later(hide, record.Hlc), undo);
        }

        // Of a hide and an undo at the same instant the hide holds.
        public IEnumerable<HiddenThing> HiddenBy(TenantId tenant, UserId user) => _latest.GetValueOrDefault((tenant, user), [])
            .Where(latest => latest.Value.Hide != HlcTimestamp.Zero && latest.Value.Hide.Packed >= latest.Value.Undo.Packed)
            .Select(latest => latest.Key);
    }
}
