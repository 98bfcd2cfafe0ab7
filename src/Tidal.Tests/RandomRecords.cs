using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests;

/// <summary>Random records of the kinds that count, as one origin would write them: stamps grow, operations are numbered.</summary>
internal static class RandomRecords
{
    private static readonly string[] Locales = ["de", "en", "fr"];

    public static LogRecord[] Make(DeterministicRandom random, int region, int count)
    {
        var session = new SessionId(new RegionId((ushort)region), 1);
        var records = new LogRecord[count];
        for (var place = 0; place < count; place++)
        {
            var stamp = HlcTimestamp.FromUnixMilliseconds(Ledger.Noon + place * 10 + random.Next(10));
            records[place] = Record(random, new OperationId(session, (ulong)place + 1), stamp, region);
        }
        return records;
    }

    private static LogRecord Record(DeterministicRandom random, OperationId operation, HlcTimestamp stamp, int region)
    {
        var item = new ItemId($"item-{random.Next(5)}");
        var user = new UserId($"user-{random.Next(3)}");
        var attributes = new AttributeValue[] { new("locale", Locales[random.Next(3)]) };
        return random.Next(8) switch
        {
            0 => LogRecord.ForItem(operation, stamp, stamp.UnixMilliseconds, item, new RegionId((ushort)region), attributes),
            1 => LogRecord.ForUser(operation, stamp, stamp.UnixMilliseconds, user, attributes),
            2 => LogRecord.ForSession(operation.Session with { Number = operation.Number }, stamp, stamp.UnixMilliseconds, SessionAction.Open),
            _ => Signal(random, operation, stamp, item, user),
        };
    }

    private static LogRecord Signal(DeterministicRandom random, OperationId operation, HlcTimestamp stamp, ItemId item, UserId user)
    {
        var time = Ledger.Noon - (random.Chance(0.2) ? random.Next(0, 30L * 86_400_000) : random.Next(0, 600_000));
        CohortScope[] cohorts = random.Chance(0.5) ? [Ledger.Locale(Locales[random.Next(3)])] : [];
        return LogRecord.Signal(operation, stamp, time, item, user, new SignalTypeId((ushort)random.Next(3)), random.NextDouble() * 5, cohorts);
    }
}
