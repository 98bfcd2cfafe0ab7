using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Testing.Oracles;

/// <summary>
/// One tenant's state in a shard as it must be: every origin's log, one after the other, through a database of a single node that never
/// saw a fault. Not safe for use by several threads.
/// </summary>
internal sealed class TruthOfShard : IDisposable
{
    private readonly record struct SignalKey(ItemId Item, SignalTypeId Signal, CohortScope Scope)
    {
        public override string ToString() => Scope == CohortScope.Everyone ? $"{Item}, {Signal}" : $"{Item}, {Signal}, cohort {Scope.Attribute}:{Scope.Value}";
    }

    private static readonly CountWindow[] Windows = [CountWindow.OneHour, CountWindow.OneDay, CountWindow.OneWeek, CountWindow.All];

    private readonly TidalDb _database;
    private readonly TenantId _tenant;
    private string? _digest;
    private readonly HashSet<SignalKey> _signals = [];
    private readonly HashSet<(ItemId Item, string Attribute)> _items = [];
    private readonly HashSet<(UserId User, string Attribute)> _users = [];
    private readonly HashSet<UserId> _hiding = [];

    public TruthOfShard(ClusterUnderTest cluster, TenantId tenant, ShardId shard)
    {
        _tenant = tenant;
        // As if every region were a member: origins are played one after the other, and a session of which the first has an end must
        // not be forgotten before the last, which may have left the tenant long ago, is played.
        var imports = new ImportOptions([.. cluster.Topology.Regions.Select(cluster.Topology.NameOf)], shard) { Tenant = tenant };
        _database = TidalDb.Open(cluster.SchemaOf(tenant), new TidalDbOptions { Imports = imports });
    }

    /// <summary>Plays an origin's log.</summary>
    /// <exception cref="ImportException">The single node does not take it.</exception>
    public void Play(IReadOnlyList<TeedBatch> batches)
    {
        _database.ImportAsync([.. batches.Select(batch => batch.Bytes)]).AsTask().GetAwaiter().GetResult();
        foreach (var teed in batches)
        {
            var batch = BatchReader.Open(teed.Bytes);
            while (batch.TryRead(out var record))
                Note(record);
        }
    }

    /// <summary>Holds a replica against the truth, to the bit.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="digest">Its digest of the tenant's part.</param>
    /// <param name="timeMilliseconds">At which time scores and windows are read, in milliseconds since 1970.</param>
    /// <param name="differs">Told what differs: what, what it must be, what it is.</param>
    public void Compare(ShardReplica replica, string digest, long timeMilliseconds, Action<string, string, string> differs) => _database.Inspect(truth =>
    {
        Compare(truth.TenantOf(_tenant).State, replica.State.TenantOf(_tenant).State, timeMilliseconds, differs);
        _digest ??= truth.Digest(_tenant);
        if (_digest != digest)
            differs("the digest of the state", _digest, digest);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private void Compare(TenantState truth, TenantState found, long time, Action<string, string, string> differs)
    {
        void Hold<T>(string what, T expected, T read)
        {
            if (!EqualityComparer<T>.Default.Equals(expected, read))
                differs(what, $"{expected}", $"{read}");
        }

        Hold("signals materialised", truth.SignalsMaterialized, found.SignalsMaterialized);
        Hold("items held", truth.Items.Count, found.Items.Count);
        foreach (var key in _signals)
            CompareSignals(key, truth, found, time, differs);
        foreach (var (item, attribute) in _items)
        {
            Hold($"the home of {item}", truth.Find(item)?.Home, found.Find(item)?.Home);
            Hold($"the first record of {item}", truth.Find(item)?.CreatedMilliseconds, found.Find(item)?.CreatedMilliseconds);
            Hold($"{attribute} of {item}", truth.Find(item)?.Attribute(attribute), found.Find(item)?.Attribute(attribute));
        }
        foreach (var (user, attribute) in _users)
            Hold($"{attribute} of {user}", truth.UserAttribute(user, attribute), found.UserAttribute(user, attribute));
        foreach (var user in _hiding)
            Hold($"what {user} hides", HiddenBy(truth, user), HiddenBy(found, user));
    }

    private static void CompareSignals(SignalKey key, TenantState truth, TenantState found, long time, Action<string, string, string> differs)
    {
        var expected = truth.Find(key.Item)?.Signals(key.Signal, key.Scope);
        var read = found.Find(key.Item)?.Signals(key.Signal, key.Scope);
        foreach (var window in Windows)
        {
            var (must, count) = (expected?.Count(window, time) ?? 0, read?.Count(window, time) ?? 0);
            if (must != count)
                differs($"the count of {key} in {window}", $"{must}", $"{count}");
        }
        var (score, scoreRead) = (expected?.DecayScore(time) ?? 0, read?.DecayScore(time) ?? 0);
        if (BitConverter.DoubleToInt64Bits(score) != BitConverter.DoubleToInt64Bits(scoreRead))
            differs($"the score of {key}", FormattableString.Invariant($"{score:R}"), FormattableString.Invariant($"{scoreRead:R}"));
    }

    // Registers, not only what is hidden now: one that is undone must still win over an older hide.
    private static string HiddenBy(TenantState state, UserId user) => string.Join(", ", state.HardNegativesOf(user));

    private void Note(in LogRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Signal or RecordKind.Retraction:
                _signals.Add(new SignalKey(record.Item, record.SignalType, CohortScope.Everyone));
                foreach (var cohort in record.Cohorts ?? [])
                    _signals.Add(new SignalKey(record.Item, record.SignalType, cohort));
                break;
            case RecordKind.Item:
                _items.UnionWith(KeysOf(record).Select(key => (item: key.Item, key.Attribute)));
                break;
            case RecordKind.UserAttributes:
                _users.UnionWith(KeysOf(record).Select(key => (key.User, key.Attribute)));
                break;
            case RecordKind.HardNegative:
                _hiding.Add(record.User);
                break;
        }
    }

    // An item's record without attributes says something too: its home.
    private static IEnumerable<(ItemId Item, UserId User, string Attribute)> KeysOf(LogRecord record) =>
        (record.Attributes ?? []).Select(attribute => attribute.Key).DefaultIfEmpty("").Select(attribute => (record.Item, record.User, attribute));
}
