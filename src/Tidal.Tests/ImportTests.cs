using Tidal.Log;
using Tidal.Schema;
using Tidal.Tests.Replication;

namespace Tidal.Tests;

/// <summary>Another cluster's logs, taken in by an embedded database.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly SignalSchema Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Build();

    private readonly TidalDb _database = TidalDb.Open(Schema, new TidalDbOptions { Imports = new ImportOptions(["us-east", "eu-west"], default) });

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task The_logs_of_all_origins_add_up_in_whatever_order_they_come()
    {
        await _database.ImportAsync(Log(region: 1, records: 5));
        await _database.ImportAsync(Log(region: 0, records: 2000));
        _database.ReadCount("item", "view").Should().Be(2005);
        _database.Inspect(state => state.TenantOf(TenantId.First).SignalRecords).Should().Be(2005);
    }

    [Fact]
    public async Task What_is_held_already_is_left_out()
    {
        var log = Log(region: 1, records: 9);
        await _database.ImportAsync([.. log.Take(2)]);
        await _database.ImportAsync(log);
        await _database.ImportAsync(log);
        _database.ReadCount("item", "view").Should().Be(9);
    }

    [Fact]
    public async Task Importing_goes_on_after_a_read()
    {
        var log = Log(region: 0, records: 20);
        await _database.ImportAsync([.. log.Take(2)]);
        _database.ReadCount("item", "view").Should().BeInRange(1, 19);
        await _database.ImportAsync(log);
        _database.ReadCount("item", "view").Should().Be(20);
    }

    [Fact]
    public async Task A_gap_is_refused_and_what_stands_before_it_is_taken()
    {
        var log = Log(region: 1, records: 20);
        var gap = await _database.Awaiting(database => database.ImportAsync([log[0], .. log.Skip(2)]).AsTask()).Should().ThrowAsync<ImportException>();
        gap.WithMessage("Of region 1, shard 0, the batches from 1 to 20 were sent; what follows number *");
        _database.ReadCount("item", "view").Should().Be(BatchHeader.Read(log[0].Span).Count);
    }

    [Fact]
    public async Task A_batch_that_differs_or_is_damaged_or_is_of_another_shard_is_refused()
    {
        var log = Log(region: 1, records: 20);
        var damaged = log[0].ToArray();
        damaged[^1] ^= 1;
        await Refused([damaged]);
        await Refused([Encode(region: 1, number: 1, previousCrc: 99)]);
        await Refused([Encode(region: 1, number: 1, shard: 3)]);
        _database.ReadCount("item", "view").Should().Be(0);
    }

    [Fact]
    public async Task What_is_written_then_goes_on_from_the_log_of_the_first_region()
    {
        await _database.ImportAsync(Log(region: 0, records: 7));
        await _database.SignalAsync("ana", "view", "item");
        _database.ReadCount("item", "view").Should().Be(8);
        // A session's opening, and the signal.
        _database.Inspect(state => state.TenantOf(TenantId.First).Origins[default].Mark.Number).Should().Be(9);
        await Refused([Encode(region: 0, number: 10)]);
    }

    [Fact]
    public async Task A_database_that_was_not_opened_for_it_takes_no_logs()
    {
        using var own = TidalDb.Open(Schema);
        await own.Awaiting(database => database.ImportAsync(Log(region: 0, records: 1)).AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }

    private async Task Refused(IReadOnlyList<ReadOnlyMemory<byte>> batches) =>
        await _database.Awaiting(database => database.ImportAsync(batches).AsTask()).Should().ThrowAsync<ImportException>();

    internal static ReadOnlyMemory<byte>[] Log(int region, int records) =>
        [.. OriginBatches.Encode(new DeterministicRandom(1), region, [.. Enumerable.Range(1, records).Select(Signal)]).Select(batch => batch.AsMemory())];

    private static ReadOnlyMemory<byte> Encode(ushort region, ulong number, uint previousCrc = 0, ushort shard = 0) => BatchWriter.Encode(
        new BatchStart(TenantId.First, new NodeId(new RegionId(region), default), new ShardId(shard), 1, number, 0, previousCrc), [Signal(1)]);

    private static LogRecord Signal(int number) => LogRecord.Signal(
        new OperationId(new SessionId(default, 99), (ulong)number), new Tidal.Crdt.HlcTimestamp((ulong)number), 1_000, new ItemId("item"), new UserId("ana"), default);
}
