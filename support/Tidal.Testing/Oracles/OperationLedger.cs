using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>An operation of the whole cluster: a session numbers its writes for each shard anew.</summary>
/// <param name="Shard">The shard written to.</param>
/// <param name="Operation">The operation's id there.</param>
public readonly record struct ShardOperation(ShardId Shard, OperationId Operation);

/// <summary>
/// What clients were told of their signals, put down as they were told it: the one source that does not ask the cluster.
/// Not safe for use by several threads.
/// </summary>
public sealed class OperationLedger
{
    private readonly Dictionary<ShardOperation, LogRecord> _acknowledged = [];
    private readonly HashSet<ShardOperation> _unknown = [];
    private readonly HashSet<ShardOperation> _refused = [];

    /// <summary>Signals acknowledged, each once however often it was tried.</summary>
    public IReadOnlyDictionary<ShardOperation, LogRecord> Acknowledged => _acknowledged;

    /// <summary>Signals of which a try ended unknown and none was acknowledged.</summary>
    public IReadOnlySet<ShardOperation> Unknown => _unknown;

    /// <summary>Signals whose every try was refused.</summary>
    public IReadOnlySet<ShardOperation> Refused => _refused;

    internal void Told(ShardId shard, in LogRecord record, WriteResult result)
    {
        if (record.Kind != RecordKind.Signal)
            return;
        var operation = new ShardOperation(shard, record.Operation);
        switch (result.Outcome)
        {
            case WriteOutcomeKind.Acknowledged:
                _acknowledged[operation] = record;
                _unknown.Remove(operation);
                _refused.Remove(operation);
                break;
            case WriteOutcomeKind.Unknown when !_acknowledged.ContainsKey(operation):
                _unknown.Add(operation);
                _refused.Remove(operation);
                break;
            case WriteOutcomeKind.Refused when !_acknowledged.ContainsKey(operation) && !_unknown.Contains(operation):
                _refused.Add(operation);
                break;
        }
    }
}
