using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>An operation of the whole cluster: a tenant's sessions number their writes for each shard anew.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Shard">The shard written to.</param>
/// <param name="Operation">The operation's id there.</param>
public readonly record struct ShardOperation(TenantId Tenant, ShardId Shard, OperationId Operation);

/// <summary>What clients were told of operations of one kind. Not safe for use by several threads.</summary>
public sealed class ToldOperations
{
    private readonly Dictionary<ShardOperation, LogRecord> _acknowledged = [];
    private readonly HashSet<ShardOperation> _unknown = [];
    private readonly HashSet<ShardOperation> _refused = [];

    /// <summary>Operations acknowledged, each once however often and wherever it was tried.</summary>
    public IReadOnlyDictionary<ShardOperation, LogRecord> Acknowledged => _acknowledged;

    /// <summary>Operations of which a try ended unknown and none was acknowledged, whatever became of the other tries.</summary>
    public IReadOnlySet<ShardOperation> Unknown => _unknown;

    /// <summary>Operations whose every try was refused.</summary>
    public IReadOnlySet<ShardOperation> Refused => _refused;

    /// <summary>Whether it may be counted: clients were told that it is, or that it may be.</summary>
    /// <param name="operation">The operation.</param>
    public bool MayCount(ShardOperation operation) => _acknowledged.ContainsKey(operation) || _unknown.Contains(operation);

    internal void Told(ShardOperation operation, in LogRecord record, WriteOutcomeKind outcome)
    {
        switch (outcome)
        {
            case WriteOutcomeKind.Acknowledged:
                // What the first acknowledgement was for: a retry says the same.
                _acknowledged.TryAdd(operation, record);
                _unknown.Remove(operation);
                _refused.Remove(operation);
                break;
            case WriteOutcomeKind.Unknown when !_acknowledged.ContainsKey(operation):
                _unknown.Add(operation);
                _refused.Remove(operation);
                break;
            case WriteOutcomeKind.Refused when !MayCount(operation):
                _refused.Add(operation);
                break;
        }
    }
}

/// <summary>
/// What clients were told of their signals and of what they took back, put down as they were told it: the one source that
/// does not ask the cluster. Not safe for use by several threads.
/// </summary>
public sealed class OperationLedger
{
    /// <summary>Signals, by their operations.</summary>
    public ToldOperations Signals { get; } = new();

    /// <summary>Retractions, by the operations that they take back.</summary>
    public ToldOperations Retractions { get; } = new();

    /// <summary>Signals acknowledged, each once however often and wherever it was tried.</summary>
    public IReadOnlyDictionary<ShardOperation, LogRecord> Acknowledged => Signals.Acknowledged;

    /// <summary>Signals of which a try ended unknown and none was acknowledged.</summary>
    public IReadOnlySet<ShardOperation> Unknown => Signals.Unknown;

    /// <summary>Signals whose every try was refused.</summary>
    public IReadOnlySet<ShardOperation> Refused => Signals.Refused;

    internal void Told(TenantId tenant, ShardId shard, in LogRecord record, WriteResult result)
    {
        if (record.Kind is not (RecordKind.Signal or RecordKind.Retraction))
            return;
        var told = record.Kind == RecordKind.Signal ? Signals : Retractions;
        told.Told(new ShardOperation(tenant, shard, record.Identity.Operation), record, result.Outcome);
    }
}
