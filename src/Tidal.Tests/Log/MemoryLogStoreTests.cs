using Tidal.Log;

namespace Tidal.Tests.Log;

public sealed class MemoryLogStoreTests : LogStoreContract
{
    protected override ILogStore Open() => new MemoryLogStore();

    protected override ILogStore LosePower(ILogStore store, Func<string, long, long> keepUnflushedBytes) =>
        ((MemoryLogStore)store).SurvivorOfPowerLoss(keepUnflushedBytes);

    protected override long DurableLength(ILogStore store, string name) => ((MemoryLogStore)store).FlushedLength(name);

    [Fact]
    public void A_power_loss_asks_what_it_keeps_in_order_of_names_and_keeps_within_bounds()
    {
        var store = new MemoryLogStore();
        store.Append("a", [1, 2]);
        store.Flush();
        store.Append("a", [3, 4, 5]);
        store.Append("b", [6]);
        var asked = new List<(string, long)>();
        var survivor = store.SurvivorOfPowerLoss((name, unflushed) =>
        {
            asked.Add((name, unflushed));
            return name == "a" ? 1 : -5;
        });
        asked.Should().Equal(("a", 3), ("b", 1));
        Samples.BytesOf(survivor, "a").Should().Equal(1, 2, 3);
        survivor.Length("b").Should().Be(0);
        store.FlushedLength("a").Should().Be(2);
    }

    [Fact]
    public void Appending_allocates_whole_chunks_and_nothing_that_was_given_back_before()
    {
        var store = new MemoryLogStore();
        var bytes = new byte[1000];
        long Grow()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 8_000; i++)
                store.Append("a", bytes);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Grow().Should().BeLessThan(8_000_000 + (2 * 262_144));
        store.Delete("a");
        Grow().Should().BeLessThan(1_000_000);
        store.Truncate("a", 1_000_000);
        Grow().Should().BeLessThan(2_000_000);
    }
}
