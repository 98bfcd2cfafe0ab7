using Tidal.Crdt;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

public sealed class SlotListsTests
{
    private const int Lists = 3;

    [Fact]
    public void Sums_are_those_of_a_list_of_slots() =>
        SeededProperty.HoldsFor(random =>
        {
            var (lists, models) = (new SlotLists(), Enumerable.Range(0, Lists).Select(_ => new List<int>()).ToArray());
            var start = lists.Make(Lists);
            for (var step = 0; step < 300; step++)
            {
                var (which, slot, liveFrom) = (random.Next(Lists), random.Next(80), random.Chance(0.05) ? random.Next(20) : 0);
                lists.Add(start + which, slot, 2, liveFrom);
                models[which].RemoveAll(held => held < liveFrom);
                models[which].Add(slot);
                var (first, last) = (random.Next(90) - 3, random.Next(90));
                SlotLists.Sum(lists[start + which], first, last).Should().Be(2 * models[which].Count(held => held >= first && held <= last));
            }
        });

    [Fact]
    public void What_is_dead_is_left_out_whether_it_was_dropped_or_not() =>
        SeededProperty.HoldsFor(random =>
        {
            var lists = new SlotLists();
            var (whole, pruned) = (lists.Make(1), lists.Make(1));
            for (var step = 0; step < 40; step++)
            {
                var slot = random.Next(20);
                lists.Add(whole, slot, 1, 0);
                lists.Add(pruned, slot, 1, random.Next(8));
            }
            Live(lists, pruned, 8).Should().Equal(Live(lists, whole, 8));
        });

    [Fact]
    public void A_list_of_more_slots_than_can_live_is_none()
    {
        var lists = new SlotLists();
        var list = lists.Make(1);
        var add = () =>
        {
            for (var slot = 0; slot < 5000; slot++)
                lists.Add(list, slot, 1, 0);
        };
        add.Should().Throw<SnapshotDamagedException>();
    }

    private static IEnumerable<(int, int)> Live(SlotLists lists, int list, int liveFrom) =>
        [.. SlotLists.LiveOf(lists[list], liveFrom).ToArray().Select(count => (count.Slot, count.Count))];
}
