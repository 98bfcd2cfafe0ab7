using Tidal.Log;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>Makes the signals of a load: items by Zipf's law, users all alike, four views to a like, happening now. Used by one thread.</summary>
internal sealed class LoadSource
{
    private readonly LoadLedger _ledger;
    private readonly ZipfDraws _popular;
    private readonly DeterministicRandom _random;
    private readonly ushort[] _shards;
    private long _made;
    private int _now;

    /// <summary>A source.</summary>
    /// <param name="ledger">The items and users.</param>
    /// <param name="router">Tells where items lie.</param>
    /// <param name="seed">What chance comes from.</param>
    public LoadSource(LoadLedger ledger, ShardRouter router, ulong seed)
    {
        _ledger = ledger;
        _random = new DeterministicRandom(seed);
        _popular = new ZipfDraws(ledger.Items.Length, _random);
        _shards = [.. ledger.Items.Select(item => router.ShardOf(BenchCluster.Tenant, item).Number)];
    }

    /// <summary>The shard of an item.</summary>
    /// <param name="item">The item's number.</param>
    public int ShardOf(int item) => _shards[item];

    /// <summary>Reads the clock: what is made from here on happens now.</summary>
    public void ReadClock() => _now = (int)(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - _ledger.StartMilliseconds);

    /// <summary>The next signal.</summary>
    public AcknowledgedSignal Next()
    {
        var type = _made % 5 == 4 ? BenchCluster.Like : BenchCluster.View;
        return new AcknowledgedSignal(_popular[_made++], _random.Next(_ledger.Users.Length), type.Number, _now);
    }

    /// <summary>A signal for a shard: the load's next that lies there.</summary>
    /// <param name="shard">The shard.</param>
    public AcknowledgedSignal NextIn(ShardId shard)
    {
        while (true)
        {
            if (Next() is var signal && _shards[signal.Item] == shard.Number)
                return signal;
        }
    }

    /// <summary>The record that writes a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="operation">The write's identity.</param>
    public LogRecord RecordOf(in AcknowledgedSignal signal, OperationId operation) => LogRecord.Signal(
        operation, default, _ledger.StartMilliseconds + signal.EventMilliseconds, _ledger.Items[signal.Item], _ledger.Users[signal.User], new SignalTypeId(signal.Type));
}
