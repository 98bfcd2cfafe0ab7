using System.Globalization;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Testing.Drivers;

/// <summary>
/// What the features about merging stand on: takes copies as rows of a table, merges them in every order and each of them
/// twice, and tells in the same columns what came out. Needs no cluster. Not safe for use by several threads.
/// </summary>
public sealed class MergeDriver
{
    private const string Never = "never";
    private const string TimeFormat = @"hh\:mm\:ss";
    private static readonly ItemId Item = new("item");
    private static readonly Topology Regions = new(["us-east", "eu-west", "ap-south"], shards: 1, replicas: 3);

    private readonly List<IReadOnlyDictionary<string, string>> _results = [];

    /// <summary>What the different orders came to, in the columns of the table: one row when merging keeps its laws.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Results => _results;

    /// <summary>The count that one would read if copies of signal counts were added up instead of merged.</summary>
    public long CountIfAdded { get; private set; }

    /// <summary>Merges copies of an attribute: columns <c>value</c>, <c>written at</c>, <c>region</c>, <c>node</c>.</summary>
    /// <param name="copies">The rows.</param>
    public void MergeAttributes(IEnumerable<IReadOnlyDictionary<string, string>> copies) => Merge([.. copies.Select(AttributeOf)], Row);

    /// <summary>Merges copies of a hard negative: columns <c>hidden at</c>, <c>undone at</c>; the result has <c>shown</c> too.</summary>
    /// <param name="copies">The rows.</param>
    public void MergeHardNegatives(IEnumerable<IReadOnlyDictionary<string, string>> copies) => Merge([.. copies.Select(HardNegativeOf)], Row);

    /// <summary>
    /// Merges copies of a signal's counts: a column a region, <c>5</c> or <c>5, 2 taken back</c>; the result has <c>count</c> too.
    /// </summary>
    /// <param name="copies">The rows.</param>
    public void MergeSignals(IEnumerable<IReadOnlyDictionary<string, string>> copies)
    {
        var states = copies.Select(SignalsOf).ToList();
        CountIfAdded = states.Sum(state => state.Count(CountWindow.All, 0));
        Merge(states, Row);
    }

    private void Merge<T>(IReadOnlyList<T> copies, Func<T, Dictionary<string, string>> row)
        where T : ICrdt<T>
    {
        var merged = Orders(copies).Select(order => order.Concat(order).Aggregate((one, other) => one.Merge(other)));
        _results.AddRange(merged.DistinctBy(DigestOf).Select(row));
    }

    private static IEnumerable<List<T>> Orders<T>(IReadOnlyList<T> copies) => copies.Count == 0
        ? [[]]
        : copies.SelectMany((first, place) => Orders([.. copies.Where((_, other) => other != place)]).Select(rest => (List<T>)[first, .. rest]));

    private static string DigestOf<T>(T state)
        where T : ICrdt<T>
    {
        using var digest = new StateDigest();
        state.AddTo(digest);
        return digest.Finish();
    }

    private static LwwRegister<string> AttributeOf(IReadOnlyDictionary<string, string> row) =>
        new(row["value"], Stamp(row["written at"]), new NodeId(Regions.Region(row["region"]), new ReplicaId((byte)Number(row["node"]))));

    private static Dictionary<string, string> Row(LwwRegister<string> register) => new()
    {
        ["value"] = register.Value,
        ["written at"] = Text(register.Stamp),
        ["region"] = Regions.NameOf(register.Node.Region),
        ["node"] = Text(register.Node.Replica.Number),
    };

    private static HardNegativeRegister HardNegativeOf(IReadOnlyDictionary<string, string> row) =>
        new(Stamp(row["hidden at"]), Stamp(row["undone at"]));

    private static Dictionary<string, string> Row(HardNegativeRegister register) => new()
    {
        ["hidden at"] = Text(register.LatestHide),
        ["undone at"] = Text(register.LatestUndo),
        ["shown"] = register.IsHidden ? "no" : "yes",
    };

    // As a replica gets there: every region's log up to where the copy has it.
    private static CrdtSignalState SignalsOf(IReadOnlyDictionary<string, string> row)
    {
        var state = new TenantState(ClusterDriver.Schema);
        foreach (var (region, cell) in row)
        {
            var counts = cell.Split(", ");
            var takenBack = counts.Length == 1 ? 0 : Number(counts[1].Split(' ')[0]);
            Write(state, Regions.Region(region), Number(counts[0]), takenBack);
        }
        return state.Find(Item)!.Signals(new SignalTypeId(0), CohortScope.Everyone)!.Value;
    }

    private static void Write(TenantState state, RegionId region, int signals, int takenBack)
    {
        var header = new BatchHeader { Origin = new NodeId(region, default), OriginEpoch = 1 };
        for (var number = 1; number <= signals; number++)
            state.Apply(header, (ulong)number, Signal(region, number));
        for (var number = 1; number <= takenBack; number++)
            state.Apply(header, (ulong)(signals + number), LogRecord.Retraction(default, Signal(region, number)));
    }

    private static LogRecord Signal(RegionId region, int number) => LogRecord.Signal(
        new OperationId(new SessionId(region, 1), (ulong)number), default, 0, Item, new UserId("user"), new SignalTypeId(0));

    private static Dictionary<string, string> Row(CrdtSignalState state)
    {
        var row = Regions.Regions.ToDictionary(Regions.NameOf, region => Text(state.CountsOf(region)));
        row["count"] = Text(state.Count(CountWindow.All, 0));
        return row;
    }

    private static string Text(PNCounter counts) =>
        counts.Retracted == 0 ? Text(counts.Added) : $"{Text(counts.Added)}, {Text(counts.Retracted)} taken back";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(HlcTimestamp stamp) => stamp == HlcTimestamp.Zero
        ? Never
        : TimeSpan.FromMilliseconds(stamp.UnixMilliseconds).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static HlcTimestamp Stamp(string time) => time == Never
        ? HlcTimestamp.Zero
        : HlcTimestamp.FromUnixMilliseconds((long)TimeSpan.ParseExact(time, TimeFormat, CultureInfo.InvariantCulture).TotalMilliseconds);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
