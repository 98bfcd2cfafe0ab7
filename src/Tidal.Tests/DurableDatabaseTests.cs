using Tidal.Log;
using Tidal.Schema;
using Tidal.Tests.Hosting;
using Tidal.Tests.Replication;

namespace Tidal.Tests;

/// <summary>An embedded database on a directory.</summary>
public sealed class DurableDatabaseTests : IDisposable
{
    private static readonly SignalSchema Schema = SchemaOf("view").Build();

    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_when_the_directory_is_opened_again()
    {
        for (var life = 1; life <= 3; life++)
        {
            await using var db = Open();
            await db.PutItemAsync("song", new Dictionary<string, string> { ["topic"] = "sea" });
            await db.SetUserAsync("ana", new Dictionary<string, string> { ["locale"] = "de" });
            for (var i = 0; i < 10; i++)
                await db.SignalAsync("ana", "view", "song");
            await db.HideAsync("ben", "song");
            db.ReadCount("song", "view").Should().Be(10 * life);
        }
        using var last = Open();
        last.ReadCount("song", "view").Should().Be(30);
        (await last.RetrieveAsync("RETRIEVE items COHORT locale:de FILTER topic:sea")).Items.Should().ContainSingle();
        (await last.RetrieveAsync("RETRIEVE items FOR USER @ben")).Items.Should().BeEmpty();
    }

    /// <summary>A process that dies leaves what was written, and nothing tells it to close.</summary>
    [Fact]
    public async Task What_was_acknowledged_is_in_the_files_already()
    {
        using var db = Open();
        for (var number = 1; number <= 20; number++)
        {
            await db.SignalAsync("ana", "view", "song");
            var copy = Directory.CreateDirectory(_root[$"copy-{number}"]).FullName;
            foreach (var file in Directory.GetFiles(_root["db"]).Where(file => Path.GetFileName(file)[0] != '.'))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            using var found = TidalDb.Open(Schema, new TidalDbOptions { Directory = copy });
            found.ReadCount("song", "view").Should().Be(number);
        }
    }

    [Fact]
    public void A_directory_is_open_once_at_a_time_and_free_after_the_database_was_disposed()
    {
        var first = Open();
        var second = () => Open();
        second.Should().Throw<LogStoreException>().WithMessage("*another store*");
        first.Dispose();
        first.Dispose();
        second().Dispose();
    }

    [Fact]
    public async Task Another_schema_or_another_cluster_is_refused_and_what_differs_is_said()
    {
        await using (var db = Open())
            await db.SignalAsync("ana", "view", "song");
        Refused(SchemaOf("like").Build()).Wanted.Should().Be("tenant 1 signal like half-life 21600000 ms windows yes seen no");
        Refused(SchemaOf("view").Signal("like", TimeSpan.FromHours(1)).Build()).Held.Should().Be("tenant 1 cohort locale");
        Refused(SchemaOf("view").SeenItems(7).Build()).Wanted.Should().Be("tenant 1 seen items 7");
        Refused(SchemaOf("view").Cohort("plan").Build()).Wanted.Should().Be("tenant 1 cohort plan");
        var other = Refused(Schema, new ImportOptions(["us east", "eu-west"], default));
        (other.Held, other.Wanted).Should().Be(("regions local", "regions us%20east eu-west"));
        using var again = Open(SchemaOf("view", weight: 9).Build());
        again.ReadCount("song", "view").Should().Be(1, "a profile's weight matters at a read alone");
    }

    [Fact]
    public void A_directory_with_other_files_is_no_place_for_a_new_database()
    {
        Directory.CreateDirectory(_root["db"]);
        File.WriteAllText(_root["db/holiday.jpg"], "a photo");
        Refused(Schema).Message.Should().Contain("identity");
        File.ReadAllText(_root["db/holiday.jpg"]).Should().Be("a photo");
    }

    [Fact]
    public async Task What_a_store_was_founded_as_is_checked_against_its_checksum()
    {
        await using (var db = Open())
            await db.SignalAsync("ana", "view", "song");
        var identity = File.ReadAllText(_root["db/identity"]);
        identity.Should().StartWith("tidal store 1\nregions local\nshards 1\nreplicas 1\nplace local shard 0 replica 0\ntenant 1 signal view");
        foreach (var damaged in new[] { identity.Replace("view", "viev"), identity[..^1], identity + " ", "" })
        {
            File.WriteAllText(_root["db/identity"], damaged);
            var open = () => Open();
            open.Should().Throw<LogDamagedException>().Which.File.Should().Be("identity");
        }
        File.WriteAllText(_root["db/identity"], identity);
        Open().Dispose();
    }

    /// <summary>Until the mark of the founding is gone nothing was written that counts.</summary>
    [Fact]
    public async Task A_founding_that_was_interrupted_anywhere_is_begun_anew()
    {
        Open().Dispose();
        var whole = Directory.GetFiles(_root["db"]).Where(file => Path.GetFileName(file)[0] != '.').ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        var random = new DeterministicRandom(5);
        for (var run = 0; run < 30; run++)
        {
            var torn = Directory.CreateDirectory(_root[$"torn-{run}"]).FullName;
            File.WriteAllBytes(Path.Combine(torn, "founding"), random.Chance(0.5) ? [1] : []);
            foreach (var (name, bytes) in whole)
            {
                if (random.Chance(0.6))
                    File.WriteAllBytes(Path.Combine(torn, name), bytes[..random.Next(bytes.Length + 1)]);
            }
            await using var db = TidalDb.Open(Schema, new TidalDbOptions { Directory = torn });
            await db.SignalAsync("ana", "view", "song");
            db.ReadCount("song", "view").Should().Be(1);
            Directory.GetFiles(torn).Select(Path.GetFileName).Should().NotContain("founding");
        }
    }

    [Fact]
    public async Task A_founding_writes_its_mark_before_everything_else_and_deletes_it_when_all_is_durable()
    {
        await using var db = Open();
        File.Exists(_root["db/founding"]).Should().BeFalse();
        db.Dispose();
        Directory.GetFiles(_root["db"]).Select(Path.GetFileName).Order()
            .Should().Equal(".lock", "hard-state-1", "identity", "r000-s0000-00000000000000000001.log");
    }

    [Fact]
    public async Task A_failure_of_the_disk_ends_this_call_and_every_later_one_until_the_directory_is_opened_again()
    {
        var disk = new MemoryLogStore();
        for (var changes = 20; changes < 40; changes++)
        {
            var before = 0L;
            using (var held = TidalDb.Open(Schema, new TidalDbOptions { Store = disk }))
                before = held.ReadCount("song", "view");
            var db = TidalDb.Open(Schema, new TidalDbOptions { Store = new FailingStore(disk, changes) });
            var acknowledged = await WriteUntilItFails(db);
            db.Invoking(held => held.ReadCount("song", "view")).Should().Throw<LogStoreException>().Which.InnerException.Should().BeOfType<LogStoreException>();
            await db.Awaiting(held => held.ImportAsync([]).AsTask()).Should().ThrowAsync<LogStoreException>();
            db.Dispose();
            using var again = TidalDb.Open(Schema, new TidalDbOptions { Store = disk });
            again.ReadCount("song", "view").Should().BeInRange(before + acknowledged, before + acknowledged + 1);
        }
    }

    [Fact]
    public async Task Threads_that_write_at_the_same_time_share_a_flush()
    {
        var disk = new StagedStore();
        await using var db = TidalDb.Open(Schema, new TidalDbOptions { Store = disk });
        await db.SignalAsync("ana", "view", "song");
        var flushes = disk.FlushCount;
        var first = WriterInAFlush(db, disk);
        var others = Enumerable.Range(0, 40).Select(_ => Writer(db)).ToList();
        SpinWait.SpinUntil(() => others.TrueForAll(thread => thread.ThreadState == ThreadState.WaitSleepJoin));
        disk.Flushes.IsShut = false;
        others.Append(first).ToList().ForEach(thread => thread.Join());
        (disk.FlushCount - flushes).Should().BeLessThanOrEqualTo(5, "one for the first, at most two for the 32 that go together, and two for the rest");
        db.ReadCount("song", "view").Should().Be(42);
    }

    /// <summary>Whoever has its outcome must not wait for a turn to leave: it would miss the next flush.</summary>
    [Fact]
    public async Task Threads_that_write_again_and_again_go_on_sharing_flushes()
    {
        var disk = new StagedStore { FlushTime = TimeSpan.FromMilliseconds(2) };
        await using var db = TidalDb.Open(Schema, new TidalDbOptions { Store = disk });
        var threads = Enumerable.Range(0, 16).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
                db.SignalAsync("ana", "view", "song").AsTask().Wait();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        disk.FlushCount.Should().BeLessThan(320 / 2);
        db.ReadCount("song", "view").Should().Be(320);
    }

    [Fact]
    public async Task A_founding_that_fails_anywhere_leaves_what_can_be_founded_anew()
    {
        var random = new DeterministicRandom(9);
        var failures = 0;
        for (var changes = 0; changes < 14; changes++)
        {
            var disk = new MemoryLogStore();
            var failed = Record.Exception(() => TidalDb.Open(Schema, new TidalDbOptions { Store = new FailingStore(disk, changes) }).Dispose());
            failures += failed is LogStoreException ? 1 : 0;
            var survivor = disk.SurvivorOfPowerLoss((_, unflushed) => random.Next((int)unflushed + 1));
            await using var db = TidalDb.Open(Schema, new TidalDbOptions { Store = survivor });
            await db.SignalAsync("ana", "view", "song");
            db.ReadCount("song", "view").Should().Be(1);
        }
        failures.Should().BeGreaterThan(5);
    }

    [Fact]
    public async Task A_call_that_is_wrong_harms_none_of_those_that_are_carried_out_with_it()
    {
        var disk = new StagedStore();
        await using var db = TidalDb.Open(Schema, new TidalDbOptions { Store = disk });
        await db.SignalAsync("ana", "view", "song");
        var first = WriterInAFlush(db, disk);
        Exception? wrong = null;
        var asker = new Thread(() => wrong = Record.Exception(() => db.RetrieveAsync("RETRIEVE items COHORT plan:gold").AsTask().Wait()));
        asker.Start();
        var other = Writer(db);
        SpinWait.SpinUntil(() => new[] { asker, other }.All(thread => thread.ThreadState == ThreadState.WaitSleepJoin));
        disk.Flushes.IsShut = false;
        new List<Thread> { first, asker, other }.ForEach(thread => thread.Join());
        wrong.Should().BeAssignableTo<Tidal.Query.QueryException>();
        db.ReadCount("song", "view").Should().Be(3);
    }

    [Fact]
    public async Task An_imported_log_is_held_on_disk_and_goes_on_where_it_ended()
    {
        var options = new TidalDbOptions { Directory = _root["db"], Imports = new ImportOptions(["us-east", "eu-west"], default) };
        var log = ImportTests.Log(region: 1, records: 20);
        await using (var db = TidalDb.Open(Schema, options))
            await db.ImportAsync([.. log.Take(2)]);
        await using (var db = TidalDb.Open(Schema, options))
        {
            db.ReadCount("item", "view").Should().BeInRange(1, 19);
            await db.ImportAsync(log);
            db.ReadCount("item", "view").Should().Be(20);
        }
    }

    private TidalDb Open(SignalSchema? schema = null, ImportOptions? imports = null) =>
        TidalDb.Open(schema ?? Schema, new TidalDbOptions { Directory = _root["db"], Imports = imports });

    private static SchemaBuilder SchemaOf(string signal, double weight = 1) =>
        new SchemaBuilder().Signal(signal, TimeSpan.FromHours(6), weight).Cohort("locale");

    /// <summary>A thread that writes, and whose flush is held up by now.</summary>
    private static Thread WriterInAFlush(TidalDb db, StagedStore disk)
    {
        disk.Flushes.IsShut = true;
        var thread = Writer(db);
        SpinWait.SpinUntil(() => disk.IsFlushHeld);
        return thread;
    }

    private static Thread Writer(TidalDb db)
    {
        var thread = new Thread(() => db.SignalAsync("ana", "view", "song").AsTask().Wait());
        thread.Start();
        return thread;
    }

    private static async Task<int> WriteUntilItFails(TidalDb db)
    {
        for (var acknowledged = 0; acknowledged < 10_000; acknowledged++)
        {
            try
            {
                await db.SignalAsync("ana", "view", "song");
            }
            catch (LogStoreException)
            {
                return acknowledged;
            }
        }
        throw new Xunit.Sdk.XunitException("The disk never failed.");
    }

    private StoreMismatchException Refused(SignalSchema schema, ImportOptions? imports = null) =>
        this.Invoking(test => test.Open(schema, imports)).Should().Throw<StoreMismatchException>().Which;
}
