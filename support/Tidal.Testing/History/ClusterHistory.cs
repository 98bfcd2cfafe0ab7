using Tidal.Crdt;
using Tidal.Replication;
using Tidal.Replication.Reconciling;

namespace Tidal.Testing.History;

/// <summary>What a line of a cluster's history is about.</summary>
public enum HistoryKind
{
    /// <summary>A fault began.</summary>
    FaultBegan,

    /// <summary>A fault ended.</summary>
    FaultEnded,

    /// <summary>A replica came back.</summary>
    Returned,

    /// <summary>Something happened inside a replica.</summary>
    Replica,

    /// <summary>A client was told an outcome.</summary>
    ClientTold,

    /// <summary>In real time: the machine gave the process no time.</summary>
    MachineStalled,
}

/// <summary>A line of a cluster's history.</summary>
/// <param name="TimeMicroseconds">When, in microseconds since the simulation began.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Place">Where, if at one place.</param>
/// <param name="Event">What happened inside a replica.</param>
/// <param name="Text">What happened, in words, for faults.</param>
/// <param name="Scope">What it is about, for lines in words; null for others.</param>
public readonly record struct HistoryLine(
    long TimeMicroseconds, HistoryKind Kind, Address Place, ReplicaEvent Event, string Text, HistoryScope? Scope = null);

/// <summary>A message that was sent: who sent what to whom, and when. Whether it arrived is another matter.</summary>
/// <param name="TimeMicroseconds">When, in microseconds since the simulation began.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="Message">What.</param>
public readonly record struct SentMessage(long TimeMicroseconds, Address From, Address To, Type Message);

/// <summary>
/// The history of a cluster: who sent what when, faults, promotions, acknowledgements. Everything goes into a running hash,
/// by which two runs are compared; what people and timelines look at is kept as lines. Not safe for use by several threads.
/// </summary>
public sealed class ClusterHistory : IDisposable
{
    /// <summary>Lines kept; of a longer run commits and acknowledgements are left out once half of it is used.</summary>
    public const int LinesMax = 200_000;

    /// <summary>Messages kept: the last ones; all of them are in the hash.</summary>
    public const int MessagesMax = 4096;

    private readonly StateDigest _digest = new();
    private readonly SentMessage[] _recent = new SentMessage[MessagesMax];
    private readonly List<HistoryLine> _lines = [];
    private readonly List<ReconciliationReport> _reconciliations = [];

    /// <summary>Reports kept of regions that came to agree: the first ones; that they did is in the lines.</summary>
    public const int ReconciliationsMax = 10_000;

    /// <summary>What regions reported of how they came to agree, in order.</summary>
    public IReadOnlyList<ReconciliationReport> Reconciliations => _reconciliations;

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<HistoryLine> Lines => _lines;

    /// <summary>The last messages sent, in order.</summary>
    public IEnumerable<SentMessage> RecentMessages
    {
        get
        {
            for (var number = Math.Max(0, MessagesSent - MessagesMax); number < MessagesSent; number++)
                yield return _recent[number % MessagesMax];
        }
    }

    /// <summary>Messages sent so far.</summary>
    public long MessagesSent { get; private set; }

    /// <summary>Told of every line as it is written; must not change the cluster.</summary>
    public event Action<HistoryLine>? Written;

    /// <summary>The hash over everything that happened so far: equal for two runs that went alike to the last message.</summary>
    public string Hash() => _digest.Current();

    /// <inheritdoc/>
    public void Dispose() => _digest.Dispose();

    internal void Sent(long time, Address from, Address to, Message message)
    {
        _recent[MessagesSent++ % MessagesMax] = new SentMessage(time, from, to, message.GetType());
        _digest.Add(time);
        _digest.Add(Pack(from) << 32 | Pack(to));
        _digest.Add(message.Hlc.Packed);
    }

    internal void Write(long time, HistoryKind kind, Address place, string text, HistoryScope scope) =>
        Write(new HistoryLine(time, kind, place, default, text, scope));

    internal void WriteStall(long time, TimeSpan stall) => Write(time, HistoryKind.MachineStalled, default,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"this machine stood still for {stall.TotalSeconds:0.0} s"), HistoryScope.Order);

    internal void WriteClientTold(long time, Address gateway, in ReplicaEvent told) =>
        Write(new HistoryLine(time, HistoryKind.ClientTold, gateway, told, ""));

    internal void Write(long time, Address place, in ReplicaEvent happened) =>
        Write(new HistoryLine(time, HistoryKind.Replica, place, happened, ""));

    internal void Keep(ReconciliationReport report)
    {
        if (_reconciliations.Count < ReconciliationsMax)
            _reconciliations.Add(report);
    }

    private void Write(in HistoryLine line)
    {
        _digest.Add(line.TimeMicroseconds);
        _digest.Add((long)line.Kind << 8 | (long)line.Event.Kind);
        _digest.Add(Pack(line.Place));
        _digest.Add(line.Event.Epoch);
        _digest.Add(line.Event.Number);
        _digest.Add(line.Event.Operation.Number);
        if (line.Text.Length > 0)
            _digest.Add(line.Text);
        if (_lines.Count < LinesMax && (_lines.Count < LinesMax / 2 || !IsFrequent(line)))
            _lines.Add(line);
        Written?.Invoke(line);
    }

    private static bool IsFrequent(in HistoryLine line) =>
        line.Kind == HistoryKind.ClientTold
        || (line.Kind == HistoryKind.Replica && line.Event.Kind is ReplicaEventKind.Committed or ReplicaEventKind.Acknowledged);

    private static ulong Pack(Address address) =>
        (ulong)address.Region.Ordinal << 24 | (ulong)address.Shard.Number << 8 | address.Replica.Number;
}
