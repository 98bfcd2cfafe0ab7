using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// A record as it stands in its batch: its strings are places in the payload, and nothing is made. Flat like
/// <see cref="LogRecord"/>: a kind uses the fields that it has there. Good until the reader goes on.
/// </summary>
internal struct RecordView
{
    public RecordKind Kind;
    public byte Attempt;
    public bool IsUndo;
    public NegativeKind NegativeKind;
    public TargetKind TargetKind;
    public SessionAction SessionAction;
    public byte MarkerAction;
    public RegionId HomeRegion;
    public SignalTypeId SignalType;
    public OperationId Operation;
    public OperationId Retracts;
    public HlcTimestamp Hlc;
    public long EventTimeMilliseconds;
    public double Weight;
    public ulong TableVersion;
    public ulong LastNumber;
    public TextPlace Item;
    public TextPlace User;
    public TextPlace Target;
    public int CohortCount;
    public int AttributeCount;

    /// <summary>Whether it is the first attempt at a signal, as nearly all records are.</summary>
    public readonly bool IsFirstSignal => Kind == RecordKind.Signal && Attempt == 0;
}
