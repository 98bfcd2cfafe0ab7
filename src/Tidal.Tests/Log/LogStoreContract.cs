using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

/// <summary>What every log store holds to, whatever lies below it.</summary>
public abstract class LogStoreContract
{
    /// <summary>A new, empty store.</summary>
    protected abstract ILogStore Open();

    /// <summary>What a power loss leaves of a store: of each file what is durable, and so many more bytes as the function says.</summary>
    protected abstract ILogStore LosePower(ILogStore store, Func<string, long, long> keepUnflushedBytes);

    [Fact]
    public void Appended_bytes_are_read_back_from_any_offset_flushed_or_not()
    {
        var store = Open();
        store.Append("a", [1, 2, 3]);
        store.Append("a", [4]);
        var bytes = new byte[3];
        store.Read("a", 2, bytes).Should().Be(2);
        bytes.Should().Equal(3, 4, 0);
        store.Read("a", 9, bytes).Should().Be(0);
        store.Flush();
        store.Append("a", [5]);
        Samples.BytesOf(store, "a").Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public void Files_are_listed_in_ordinal_order_and_a_deleted_one_is_gone()
    {
        var store = Open();
        foreach (var name in new[] { "b", "a", "B" })
            store.Append(name, []);
        store.Delete("b");
        store.Delete("never-there");
        store.List().Should().Equal("B", "a");
        store.Append("b", [7]);
        Samples.BytesOf(store, "b").Should().Equal(7);
    }

    [Fact]
    public void What_cannot_be_done_is_said_with_the_file()
    {
        var store = Open();
        store.Append("a", [1]);
        var length = () => store.Length("x");
        var read = () => store.Read("x", 0, new byte[1]);
        var longer = () => store.Truncate("a", 2);
        length.Should().Throw<LogStoreException>().Which.File.Should().Be("x");
        read.Should().Throw<LogStoreException>();
        longer.Should().Throw<LogStoreException>().Which.File.Should().Be("a");
    }

    [Fact]
    public void Whatever_is_done_to_it_a_store_reads_like_an_array_of_bytes() => SeededProperty.HoldsFor(
        random =>
        {
            var (store, model) = (Open(), new Dictionary<string, List<byte>>());
            for (var step = 0; step < 60; step++)
                Step(store, model, random);
            store.List().Should().Equal(model.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, bytes) in model)
                Samples.BytesOf(store, name).AsSpan().SequenceEqual(bytes.ToArray()).Should().BeTrue();
        },
        cases: 20);

    [Fact]
    public void After_power_loss_there_are_the_flushed_bytes_and_what_is_kept_of_the_rest()
    {
        var store = Open();
        store.Append("a", [1, 2]);
        store.Flush();
        store.Append("a", [3, 4, 5]);
        store.Append("b", [6]);
        store.Flush();
        store.Append("a", [7, 8]);
        var survivor = LosePower(store, (_, _) => 0);
        Samples.BytesOf(survivor, "a").Should().Equal(1, 2, 3, 4, 5);
        Samples.BytesOf(survivor, "b").Should().Equal(6);
        store.Length("a").Should().Be(7);
    }

    [Fact]
    public void A_truncation_is_durable_at_once_and_what_follows_it_is_not()
    {
        var store = Open();
        store.Append("a", [1, 2, 3]);
        store.Flush();
        store.Truncate("a", 1);
        store.Append("a", [9]);
        Samples.BytesOf(LosePower(store, (_, _) => 0), "a").Should().Equal(1);
    }

    [Fact]
    public void A_deletion_is_durable_at_once()
    {
        var store = Open();
        store.Append("a", [1]);
        store.Append("b", [1]);
        store.Flush();
        store.Delete("a");
        LosePower(store, (_, _) => 0).List().Should().Equal("b");
    }

    [Fact]
    public void After_power_loss_a_log_is_whole_and_holds_all_that_was_flushed()
    {
        var random = new Random(20251122);
        for (var run = 0; run < 30; run++)
        {
            var store = Open();
            var log = Samples.Open(store, 500);
            ulong flushed = 0;
            for (var index = 1UL; index <= 12; index++)
            {
                log.Append(Samples.Envelope(index));
                if (random.Next(4) != 0)
                    continue;
                log.Flush();
                flushed = index;
            }
            var survivor = Samples.Open(LosePower(store, (_, unflushed) => random.NextInt64(unflushed + 1)), 500);
            survivor.LastIndex.Should().BeInRange(flushed, 12);
            for (var index = 1UL; index <= survivor.LastIndex; index++)
                survivor.Read(index).Should().Be(Samples.Envelope(index));
        }
    }

    /// <summary>Group commit: the writer goes on while another thread flushes.</summary>
    [Fact]
    public void What_was_appended_before_a_flush_on_another_thread_is_durable_when_it_returns()
    {
        var store = Open();
        var (appended, isDone) = (0L, false);
        var flusher = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
                FlushAndLook(store, Interlocked.Read(ref appended));
        });
        store.Append("a", []);
        store.Flush();
        flusher.Start();
        for (var number = 0; number < 20_000; number++)
        {
            store.Append(number % 3 == 0 ? "b" : "a", BitConverter.GetBytes(number));
            if (number % 3 != 0)
                Interlocked.Add(ref appended, 4);
        }
        Volatile.Write(ref isDone, true);
        flusher.Join();
        _durableMisses.Should().BeEmpty();
        BitConverter.ToInt32(Samples.BytesOf(store, "a"), 4).Should().Be(2);
        store.Length("a").Should().Be(appended);
    }

    private readonly List<string> _durableMisses = [];

    /// <summary>How many bytes of a file are durable.</summary>
    protected abstract long DurableLength(ILogStore store, string name);

    private void FlushAndLook(ILogStore store, long appended)
    {
        store.Flush();
        if (DurableLength(store, "a") is var durable && durable < appended)
            _durableMisses.Add($"{durable} of {appended}");
    }

    private static void Step(ILogStore store, Dictionary<string, List<byte>> model, DeterministicRandom random)
    {
        var name = $"file-{random.Next(3)}";
        var what = random.Next(10);
        if (what < 6)
        {
            var bytes = new byte[random.Next(3) == 0 ? random.Next(400_000) : random.Next(200)];
            bytes.AsSpan().Fill((byte)random.Next(256));
            store.Append(name, bytes);
            model.TryAdd(name, []);
            model[name].AddRange(bytes);
        }
        else if (what == 6)
        {
            store.Flush();
        }
        else if (what == 7)
        {
            store.Delete(name);
            model.Remove(name);
        }
        else if (model.TryGetValue(name, out var bytes))
        {
            Change(store, name, bytes, isCut: what == 8, random);
        }
    }

    private static void Change(ILogStore store, string name, List<byte> bytes, bool isCut, DeterministicRandom random)
    {
        if (isCut)
        {
            var length = random.Next(bytes.Count + 1);
            store.Truncate(name, length);
            bytes.RemoveRange(length, bytes.Count - length);
            return;
        }
        var offset = random.Next(bytes.Count + 1);
        var read = new byte[random.Next(300_000)];
        var count = store.Read(name, offset, read);
        count.Should().Be(Math.Min(read.Length, bytes.Count - offset));
        read.AsSpan(0, count).SequenceEqual(bytes.GetRange(offset, count).ToArray()).Should().BeTrue();
    }
}
