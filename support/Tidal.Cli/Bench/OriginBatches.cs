using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// Makes the log of one shard in which one region has written: records go in, envelopes with batches of one size come out, as a
/// primary's log holds them. Not safe for use by several threads.
/// </summary>
/// <param name="batchSize">Records a batch.</param>
/// <param name="sink">Takes each envelope.</param>
internal sealed class OriginBatches(int batchSize, Action<Envelope> sink)
{
    /// <summary>The group epoch and origin epoch of everything.</summary>
    public const ulong Epoch = 1;

    // As many writes of a session as may be outstanding come one after the other.
    private const int RunOfSession = 64;
    private const int Sessions = 16;

    private static readonly NodeId Origin = new(default, default);

    private readonly BatchWriter _writer = new();
    private readonly ulong[] _operations = new ulong[Sessions];
    private uint _previousCrc;

    /// <summary>The index of the last envelope; what is given here is the first one's predecessor.</summary>
    public ulong Index { get; init; }

    /// <summary>The last index made.</summary>
    public ulong LastIndex { get; private set; }

    /// <summary>Records written.</summary>
    public ulong Count { get; private set; }

    /// <summary>Adds a record.</summary>
    /// <param name="timeMilliseconds">The time of its stamp, in milliseconds since 1970.</param>
    /// <param name="record">The record; it gets an operation and a stamp.</param>
    public void Add(long timeMilliseconds, in LogRecord record)
    {
        if (_writer.Count == 0)
            _writer.Begin(new BatchStart(BenchCluster.Tenant, Origin, default, Epoch, Count + 1, timeMilliseconds, _previousCrc, BatchHeader.NewestVersion));
        var stamped = record with { Operation = NextOperation(), Hlc = HlcTimestamp.FromUnixMilliseconds(timeMilliseconds) };
        if (!_writer.TryAdd(stamped))
            throw new InvalidOperationException($"{batchSize} records do not fit into a batch.");
        Count++;
        if (_writer.Count == batchSize)
            Finish();
    }

    /// <summary>Ends the batch that has been begun, if one has.</summary>
    public void Finish()
    {
        if (_writer.Count == 0)
            return;
        var batch = _writer.Finish();
        _previousCrc = BatchHeader.Read(batch).Crc;
        LastIndex = Math.Max(LastIndex, Index) + 1;
        sink(Envelope.Encode(EnvelopeKind.Batch, Epoch, LastIndex, LastIndex - 1, batch));
    }

    private OperationId NextOperation()
    {
        var session = (int)(Count / RunOfSession % Sessions);
        return new OperationId(new SessionId(default, (ulong)session + 1), ++_operations[session]);
    }
}
