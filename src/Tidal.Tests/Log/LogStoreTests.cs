using Tidal.Log;

namespace Tidal.Tests.Log;

public class LogStoreTests
{
    [Fact]
    public void Appended_bytes_are_read_back_from_any_offset()
    {
        var store = new MemoryLogStore();
        store.Append("a", [1, 2, 3]);
        store.Append("a", [4]);
        var bytes = new byte[3];
        store.Read("a", 2, bytes).Should().Be(2);
        bytes.Should().Equal(3, 4, 0);
        store.Read("a", 9, bytes).Should().Be(0);
        (store.Length("a"), store.FlushedLength("a")).Should().Be((4, 0));
    }

    [Fact]
    public void Files_are_listed_in_ordinal_order_and_a_deleted_one_is_gone()
    {
        var store = new MemoryLogStore();
        foreach (var name in new[] { "b", "a", "B" })
            store.Append(name, []);
        store.Delete("b");
        store.Delete("never there");
        store.List().Should().Equal("B", "a");
    }

    [Fact]
    public void After_power_loss_there_are_the_flushed_bytes_and_what_the_caller_keeps_of_the_rest()
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
        store.Length("a").Should().Be(5);
    }

    [Fact]
    public void A_truncation_is_durable_at_once_and_what_follows_it_is_not()
    {
        var store = new MemoryLogStore();
        store.Append("a", [1, 2, 3]);
        store.Flush();
        store.Truncate("a", 1);
        store.Append("a", [9]);
        Samples.BytesOf(store.SurvivorOfPowerLoss((_, _) => 0), "a").Should().Equal(1);
    }

    [Fact]
    public void What_cannot_be_done_is_said_with_the_file()
    {
        var store = new MemoryLogStore();
        store.Append("a", [1]);
        var length = () => store.Length("x");
        var read = () => store.Read("x", 0, new byte[1]);
        var longer = () => store.Truncate("a", 2);
        length.Should().Throw<LogStoreException>().Which.File.Should().Be("x");
        read.Should().Throw<LogStoreException>();
        longer.Should().Throw<LogStoreException>().Which.File.Should().Be("a");
    }
}
