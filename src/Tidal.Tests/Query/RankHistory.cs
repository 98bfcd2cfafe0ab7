using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Query;

/// <summary>
/// A random history of one tenant's shard, as its log has it, taken by two states: one keeps rank indexes, and small ones; the
/// other has none and scans. Signals early and late, retractions, later attempts, items whose record comes late or never,
/// records that move the creation back and the home elsewhere, snapshots of another region, erases.
/// </summary>
internal sealed class RankHistory
{
    private const int Origins = 3;
    private static readonly string[] Locales = ["en", "de"];
    private static readonly double[] Weights = [1, 1, 1, 2, 0.1, 1e-300, 0];

    private readonly DeterministicRandom _random;
    private readonly List<LogRecord> _signals = [];
    private readonly List<ShardState> _states;
    private readonly (ulong Number, uint Crc)[] _far = new (ulong, uint)[Origins];
    private readonly int _items;
    private ulong _operation;
    private bool _isBehind;

    public RankHistory(DeterministicRandom random, int items, int indexes)
    {
        (_random, _items) = (random, 5 + random.Next(40));
        Schema = SchemaOf(items, indexes);
        _states = [new ShardState(_ => Schema), new ShardState(_ => SchemaOf(1, 0)), new ShardState(_ => SchemaOf(1, 0))];
    }

    public SignalSchema Schema { get; }

    public TenantState Indexed => _states[0].TenantOf(TenantId.First).State;

    public TenantState Scanned => _states[1].TenantOf(TenantId.First).State;

    // Holds all, as another region that is never behind.
    private ShardState Far => _states[2];

    public bool AreEqual => _states[0].Digest() == _states[1].Digest();

    public void Step()
    {
        if (_random.Chance(0.01))
            Erase();
        else if (_random.Chance(0.02))
            TakeSnapshot();
        else
            Take(_random.Next(Origins), RandomRecord());
    }

    private static SignalSchema SchemaOf(int items, int indexes) => new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Signal("share", TimeSpan.FromMinutes(30), weight: 0.3)
        .Cohort("locale").RankIndexes(items, indexes).Build();

    private void Take(int origin, LogRecord record)
    {
        var (number, crc) = _far[origin];
        var start = new BatchStart(TenantId.First, new NodeId(new RegionId((ushort)origin), default), default, 1, number + 1, 0, crc);
        var batch = BatchWriter.Encode(start, [record]);
        _far[origin] = (number + 1, BatchHeader.Read(batch).Crc);
        Apply(Far, EnvelopeKind.Batch, batch);
        // What comes from the last region is missed now and then, until a snapshot brings it.
        _isBehind |= origin == Origins - 1 && _random.Chance(0.1);
        if (_isBehind && origin == Origins - 1)
            return;
        Apply(_states[0], EnvelopeKind.Batch, batch);
        Apply(_states[1], EnvelopeKind.Batch, batch);
    }

    private void TakeSnapshot()
    {
        var bytes = Far.TenantOf(TenantId.First).ToSnapshot(TenantId.First);
        var control = ControlRecord.ForSnapshot(TenantId.First, default, ++_operation, 0, 1, bytes).Encode();
        Apply(_states[0], EnvelopeKind.Control, control);
        Apply(_states[1], EnvelopeKind.Control, control);
        _isBehind = false;
    }

    private void Erase()
    {
        foreach (var state in _states)
            Apply(state, EnvelopeKind.Control, ControlRecord.ForErase(TenantId.First, ++_operation).Encode());
        Array.Clear(_far);
        _isBehind = false;
        _signals.Clear();
    }

    private static void Apply(ShardState state, EnvelopeKind kind, byte[] payload) =>
        state.Apply(Envelope.Encode(kind, 1, state.AppliedIndex + 1, 0, payload), new HybridLogicalClock());

    private LogRecord RandomRecord()
    {
        if (_random.Chance(0.2))
            return RandomItem();
        if (_signals.Count > 0 && _random.Chance(0.2))
        {
            var old = _signals[_random.Next(_signals.Count)];
            // Taken back, or tried again elsewhere; then it may say something else.
            return _random.Chance(0.6)
                ? LogRecord.Retraction(default, old, (byte)_random.Next(3))
                : old with { Attempt = (byte)_random.Next(3), Item = _random.Chance(0.3) ? Item() : old.Item };
        }
        var signal = LogRecord.Signal(
            new OperationId(new SessionId(default, 1), ++_operation), default, RankPlans.Noon - _random.Next(4) * 7_000_000L, Item(), RankPlans.User(_random),
            new SignalTypeId((ushort)_random.Next(3)), Weights[_random.Next(Weights.Length)],
            _random.Chance(0.6) ? [new CohortScope(0, Locales[_random.Next(2)])] : [], (byte)(_random.Chance(0.15) ? 1 + _random.Next(2) : 0));
        _signals.Add(signal);
        return signal;
    }

    private LogRecord RandomItem()
    {
        var created = RankPlans.Noon - _random.Next(5);
        AttributeValue[] attributes = [new("colour", _random.Chance(0.5) ? "red" : "blue"), new("creator", $"c{_random.Next(4)}")];
        return LogRecord.ForItem(
            new OperationId(new SessionId(default, 1), ++_operation), HlcTimestamp.FromUnixMilliseconds(created), created, Item(),
            new RegionId((ushort)_random.Next(Origins)), attributes);
    }

    private ItemId Item() => new($"{_random.Next(_items)}");
}
