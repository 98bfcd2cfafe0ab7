using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Replication;

/// <summary>
/// The state of a shard after random logs, byte for byte, as replicas of any age have it: digests, checkpoints, snapshots made
/// one, reads. How a state is kept in memory may change; a change of these hashes means that two versions would differ.
/// </summary>
public sealed class GoldenStateTests
{
    private const int Origins = 3;
    private static readonly RegionId[] Regions = [.. Enumerable.Range(0, Origins).Select(region => new RegionId((ushort)region))];
    // Their order is that of UTF-16 and not that of UTF-8: the last one is before the one before it.
    private static readonly string[] Items = ["a", "en:Jérémie", "en:item-with-a-name-of-more-than-thirty-two-bytes", "日本", "\uFF5E", "\U0001F600"];
    private static readonly string[] Users = ["u", "user-1", "ユーザー", "\U0001F601", "\uFF5Eu"];
    private static readonly SignalSchema Schema = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6), marksSeen: true)
        .Signal("like", TimeSpan.FromDays(7), weight: 3)
        .Signal("share", TimeSpan.FromDays(30), windows: false, marksSeen: true)
        .SeenItems(3).Cohort("locale").Cohort("plan").Build();

    [Theory]
    [InlineData(1, "6bc35c5c02d3118f34b34997758ce2e1")]
    [InlineData(2, "74a3db0cac44f52ecfd4b0075a8d0387")]
    [InlineData(3, "c31484347cb81a21e2cbcdfb0dbb3d73")]
    [InlineData(4, "7ef39746a3f6b7ab4a16a842cc07b940")]
    public void States_are_the_same_bytes(int seed, string golden)
    {
        var text = new StringBuilder();
        var random = new DeterministicRandom((ulong)seed);
        for (var history = 0; history < 25; history++)
            Tell(text, random);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32].Should().Be(golden);
    }

    private static void Tell(StringBuilder text, DeterministicRandom random)
    {
        var logs = Logs(random, 10 + random.Next(120));
        var batches = logs.Select((log, region) => Encode(random, region, log)).ToArray();
        var whole = State(random, batches);
        Tell(text, whole);
        Tell(text, ShardState.FromCheckpoint(whole.ToCheckpoint(), _ => Schema));
        var parts = Enumerable.Range(0, 2).Select(_ => State(random, [.. batches.Select(log => log.Take(random.Next(log.Count + 1)).ToList())]));
        var merged = parts.Select(part => part.TenantOf(TenantId.First)).Aggregate((one, other) => one.Merge(other));
        text.AppendLine(AttemptHistory.DigestOf(merged));
        Tell(text, merged);
    }

    private static void Tell(StringBuilder text, ShardState state)
    {
        text.AppendLine(state.Digest()).AppendLine(Convert.ToHexString(SHA256.HashData(state.ToCheckpoint())));
        Tell(text, state.TenantOf(TenantId.First));
    }

    private static void Tell(StringBuilder text, TenantReplica replica)
    {
        text.Append(CultureInfo.InvariantCulture, $"{replica.SignalRecords} {replica.SignalsVoided} {replica.State.Items.Count} ");
        text.Append(string.Join(' ', replica.State.HardNegativeKeys.Order().Select(key => $"{key.User} {key.Target}")));
        foreach (var item in replica.State.Items.OrderBy(item => item.Item))
        {
            text.AppendLine().Append(item.Item).Append(item.Home).Append(item.CreatedMilliseconds).Append(item.Attribute("k"));
            foreach (var user in Users)
                text.Append(replica.State.HasSeen(new UserId(user), item.Item) ? 1 : 0);
            foreach (var type in Schema.Signals)
            {
                foreach (var scope in Scopes)
                    Tell(text, replica, item.Item, type.Id, scope);
            }
        }
    }

    private static void Tell(StringBuilder text, TenantReplica replica, ItemId item, SignalTypeId type, CohortScope scope)
    {
        if (replica.State.Find(item)!.Signals(type, scope) is not { } signals)
            return;
        foreach (var region in Regions)
            text.Append(signals.CountsOf(region));
        // From what is kept for a read in the past on.
        for (var time = Ledger.Noon - 3_600_000L; time < Ledger.Noon + 9 * 86_400_000L; time += 33_000_000)
        {
            text.Append(BitConverter.DoubleToInt64Bits(signals.DecayScore(time))).Append(' ');
            foreach (var window in Enum.GetValues<CountWindow>())
                text.Append(signals.Count(window, time)).Append(' ');
        }
    }

    private static IEnumerable<CohortScope> Scopes =>
        [CohortScope.Everyone, new(0, "de"), new(0, "日本"), new(1, "de"), new(1, ""), new(0, "en")];

    private static ShardState State(DeterministicRandom random, IReadOnlyList<List<byte[]>> batches) =>
        TenantHistory.Apply(new ShardState(_ => Schema, _ => new SessionMembers(Regions, [])), OriginBatches.Interleave(random, batches));

    private static List<byte[]> Encode(DeterministicRandom random, int region, List<LogRecord> records)
    {
        var (batches, number, crc) = (new List<byte[]>(), 1UL, 0u);
        for (var taken = 0; taken < records.Count;)
        {
            var count = Math.Min(records.Count - taken, 1 + random.Next(30));
            var origin = new NodeId(Regions[region], new ReplicaId((byte)random.Next(3)));
            var version = (ushort)(random.Chance(0.7) ? 3 : 2);
            var batch = BatchWriter.Encode(new BatchStart(TenantId.First, origin, default, 1 + number / 10, number, 0, crc, version), [.. records.Skip(taken).Take(count)]);
            (taken, number, crc) = (taken + count, number + (ulong)count, BatchHeader.Read(batch).Crc);
            batches.Add(batch);
        }
        return batches;
    }

    private static List<LogRecord>[] Logs(DeterministicRandom random, int records)
    {
        var logs = Enumerable.Range(0, Origins).Select(_ => new List<LogRecord>()).ToArray();
        var said = new List<(int Home, LogRecord Record)>();
        for (var number = 1; number <= records; number++)
        {
            var region = random.Next(Origins);
            var again = said.Count > 0 && random.Chance(0.3) ? said[random.Next(said.Count)] : default;
            if (again.Record.Kind == RecordKind.Signal && Again(random, again.Record, again.Home == region) is { } record)
                Put(logs[region], record);
            else if (Put(logs[region], New(random, region, number)) is { Kind: RecordKind.Signal } signal)
                said.Add((region, signal));
        }
        foreach (var (log, session) in logs.SelectMany(log => Sessions().Select(session => (log, session))).Where(_ => random.Chance(0.4)))
            log.Add(LogRecord.ForSession(session, HlcTimestamp.FromUnixMilliseconds(Ledger.Noon + 1000), Ledger.Noon, SessionAction.End));
        return logs;
    }

    private static IEnumerable<SessionId> Sessions() => Regions.SelectMany(region => new[] { new SessionId(region, 1), new SessionId(region, 2) });

    private static LogRecord Put(List<LogRecord> log, LogRecord record)
    {
        if (record.Operation.IsNone && !record.Identity.IsRetraction || !log.Exists(held => held.Identity == record.Identity))
            log.Add(record);
        return record;
    }

    // A retry in another region or a retraction; some clients say something else at a retry.
    private static LogRecord? Again(DeterministicRandom random, LogRecord signal, bool isHome)
    {
        var attempt = (byte)(isHome ? 0 : 1 + random.Next(2));
        if (random.Chance(0.4))
            return LogRecord.Retraction(signal.Hlc, signal, attempt);
        if (isHome)
            return null;
        return random.Chance(0.3)
            ? signal with { Attempt = attempt, Item = new ItemId(Items[random.Next(Items.Length)]), Cohorts = Cohorts(random) }
            : signal with { Attempt = attempt };
    }

    private static LogRecord New(DeterministicRandom random, int region, int number)
    {
        var operation = new OperationId(new SessionId(Regions[random.Chance(0.9) ? region : random.Next(Origins)], 1UL + (ulong)random.Next(2)), (ulong)number + (ulong)random.Next(3) * 100);
        var stamp = HlcTimestamp.FromUnixMilliseconds(Ledger.Noon + number * 10 + random.Next(5));
        var (item, user) = (new ItemId(Items[random.Next(Items.Length)]), new UserId(Users[random.Next(Users.Length)]));
        AttributeValue[] attributes = [new("k", $"{random.Next(9)}")];
        var attempt = (byte)(random.Chance(0.15) ? 1 + random.Next(3) : 0);
        return random.Next(12) switch
        {
            0 => LogRecord.ForItem(operation, stamp, stamp.UnixMilliseconds, item, Regions[random.Next(Origins)], attributes),
            1 => LogRecord.ForUser(operation, stamp, stamp.UnixMilliseconds, user, attributes, attempt),
            2 => LogRecord.HardNegative(operation, stamp, stamp.UnixMilliseconds, user, item.Value, TargetKind.Item, NegativeKind.Mute, random.Chance(0.3), attempt),
            _ => LogRecord.Signal(operation, stamp, Time(random), item, user, new SignalTypeId((ushort)random.Next(3)), Weight(random), Cohorts(random), attempt),
        };
    }

    private static long Time(DeterministicRandom random) => random.Next(6) switch
    {
        0 => Ledger.Noon - random.Next(0, 30L * 86_400_000),
        1 => Ledger.Noon - random.Next(0, 7L * 86_400_000),
        2 => random.Next(-100_000, 100_000),
        _ => Ledger.Noon - random.Next(0, 7_200_000),
    };

    private static double Weight(DeterministicRandom random) => random.Next(8) switch
    {
        0 => 0,
        1 => double.Epsilon * random.Next(1, 1000),
        2 => double.MaxValue,
        3 => 5 * random.NextDouble(),
        _ => 1,
    };

    private static CohortScope[] Cohorts(DeterministicRandom random) => random.Next(4) switch
    {
        0 => [new CohortScope(0, "de")],
        1 => [new CohortScope(0, "日本"), new CohortScope(1, random.Chance(0.5) ? "de" : "")],
        2 => [new CohortScope(0, "en"), new CohortScope(0, "en")],
        _ => [],
    };
}
