using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

/// <summary>Takes records into a tenant's state as if they came in batches of their origins, one number after the other.</summary>
internal sealed class Ledger
{
    public const long Noon = 1_700_000_000_000;
    public static readonly SignalTypeId View = new(0);
    public static readonly SignalTypeId Like = new(1);
    public static readonly UserId User = new("u");

    private readonly Dictionary<RegionId, ulong> _numbers = [];
    private readonly HashSet<RecordIdentity> _first;

    public Ledger()
        : this(Schema)
    {
    }

    public Ledger(SignalSchema schema)
    {
        var first = new HashSet<RecordIdentity>();
        (_first, State) = (first, new TenantState(schema, first.Contains));
    }

    public static SignalSchema Schema { get; } = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6))
        .Signal("like", TimeSpan.FromDays(7), weight: 3)
        .Signal("share", TimeSpan.FromDays(30), weight: 0, windows: false)
        .Cohort("locale").Cohort("plan")
        .Build();

    public TenantState State { get; }

    public static CohortScope Locale(string value) => new(0, value);

    public Ledger Signal(
        string item, long time = Noon, double weight = 1, SignalTypeId type = default, int region = 0, params CohortScope[] cohorts) =>
        Take(LogRecord.Signal(default, HlcTimestamp.Zero, time, new ItemId(item), User, type, weight, cohorts), region);

    public Ledger Item(string item, long created = Noon, int home = 0, int region = 0, int node = 0, params AttributeValue[] attributes) =>
        Take(LogRecord.ForItem(default, HlcTimestamp.FromUnixMilliseconds(created), created, new ItemId(item), new RegionId((ushort)home), attributes), region, node);

    public Ledger Attributes(UserId user, long written, int node, params AttributeValue[] attributes) =>
        Take(LogRecord.ForUser(default, HlcTimestamp.FromUnixMilliseconds(written), written, user, attributes), 0, node);

    public Ledger Take(in LogRecord record, int region = 0, int node = 0)
    {
        var origin = new NodeId(new RegionId((ushort)region), new ReplicaId((byte)node));
        var number = _numbers.GetValueOrDefault(origin.Region) + 1;
        _numbers[origin.Region] = number;
        State.Apply(new BatchHeader { Origin = origin, OriginEpoch = 1 }, number, record);
        if (record.Attempt == 0)
            _first.Add(record.Identity);
        return this;
    }

    public double Score(string item, long time = Noon, CohortScope? scope = null, SignalTypeId type = default) =>
        State.ReadDecayScore(new ItemId(item), type, scope ?? CohortScope.Everyone, time);

    public long Count(string item, CountWindow window = CountWindow.All, long time = Noon, CohortScope? scope = null, SignalTypeId type = default) =>
        State.ReadCount(new ItemId(item), type, scope ?? CohortScope.Everyone, window, time);

    public string Digest()
    {
        using var digest = new StateDigest();
        State.AddTo(digest);
        return digest.Finish();
    }
}
