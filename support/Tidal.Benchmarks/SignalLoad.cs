using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Benchmarks;

/// <summary>
/// Committed batches as a replica of one shard gets them: three origins in turn, signals of the features' schema. Items are drawn
/// evenly or by Zipf's law, users evenly; a seed gives the same items and users again, at other times and under new operations.
/// </summary>
/// <param name="items">Items in the shard.</param>
/// <param name="users">Users.</param>
/// <param name="isZipf">Whether few items get most of the signals.</param>
public sealed class SignalLoad(int items, int users, bool isZipf)
{
    private const int Origins = 3;
    private const int OperationsInARow = 8;
    private const int SessionsOfAnOrigin = 300;
    private const long Noon = 1_700_000_000_000;
    private static readonly string[] Locales = ["EU", "US", "AS", "AF", "SA", "OC"];

    private readonly ulong[] _numbers = [1, 1, 1];
    private readonly uint[] _crcs = new uint[Origins];
    private readonly ulong[,] _operations = new ulong[Origins, SessionsOfAnOrigin];
    private ulong _index;
    private long _time = Noon;

    /// <summary>What is counted.</summary>
    public static SignalSchema Schema { get; } = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Cohort("locale")
        .Build();

    /// <summary>The next envelopes of the group's log.</summary>
    public List<Envelope> Take(int batches, int recordsInABatch, ulong seed)
    {
        var (random, envelopes, records) = (new DeterministicRandom(seed), new List<Envelope>(batches), new LogRecord[recordsInABatch]);
        for (var batch = 0; batch < batches; batch++)
        {
            var origin = batch % Origins;
            Fill(records, origin, random);
            var start = new BatchStart(TenantId.First, new NodeId(Region(origin), default), default, 1, _numbers[origin], _time, _crcs[origin], BatchHeader.NewestVersion);
            var bytes = BatchWriter.Encode(start, records);
            _numbers[origin] += (ulong)records.Length;
            _crcs[origin] = BatchHeader.Read(bytes).Crc;
            envelopes.Add(Envelope.Encode(EnvelopeKind.Batch, 1, ++_index, _index - 1, bytes));
        }
        return envelopes;
    }

    private void Fill(LogRecord[] records, int origin, DeterministicRandom random)
    {
        var session = 0;
        for (var place = 0; place < records.Length; place++)
        {
            // 25,000 signals a second over five shards.
            if ((_numbers[origin] + (ulong)place) % 5 == 0)
                _time++;
            if (place % OperationsInARow == 0)
                session = random.Next(SessionsOfAnOrigin);
            var operation = new OperationId(new SessionId(Region(origin), (ulong)session + 1), ++_operations[origin, session]);
            var user = random.Next(users);
            var stamp = new HlcTimestamp(HlcTimestamp.FromUnixMilliseconds(_time).Packed + (ulong)place);
            records[place] = LogRecord.Signal(
                operation, stamp, _time - random.Next(50), new ItemId($"en:An article {ItemOf(random)}"), new UserId($"user{user:x8}"),
                new SignalTypeId((ushort)(random.Chance(0.2) ? 1 : 0)), cohorts: [new CohortScope(0, Locales[user % Locales.Length])]);
        }
    }

    // Zipf's law with exponent 1, by the inverse of its continuous form.
    private int ItemOf(DeterministicRandom random) =>
        isZipf ? (int)Math.Min(items - 1, Math.Pow(items, random.NextDouble()) - 1) : random.Next(items);

    private static RegionId Region(int origin) => new((ushort)origin);
}
