using Tidal.Crdt;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

public sealed class SlotCountsTests
{
    [Fact]
    public void Sums_are_those_of_a_list_of_slots() =>
        SeededProperty.HoldsFor(random =>
        {
            var (counts, model) = (new SlotCounts(), new List<int>());
            for (var step = 0; step < 100; step++)
            {
                var slot = random.Next(30);
                counts.Add(slot);
                model.Add(slot);
                if (random.Chance(0.05))
                {
                    var before = random.Next(10);
                    counts.DropBefore(before);
                    model.RemoveAll(held => held < before);
                }
                var (first, last) = (random.Next(35) - 3, random.Next(35));
                counts.Sum(first, last).Should().Be(model.Count(held => held >= first && held <= last));
            }
        });

    [Fact]
    public void Dropping_what_is_dead_does_not_show_in_a_digest() =>
        SeededProperty.HoldsFor(random =>
        {
            var (whole, pruned) = (new SlotCounts(), new SlotCounts());
            for (var step = 0; step < 40; step++)
            {
                var slot = random.Next(20);
                whole.Add(slot);
                pruned.Add(slot);
                pruned.DropBefore(random.Next(8));
            }
            Digest(pruned, liveFrom: 8).Should().Be(Digest(whole, liveFrom: 8));
        });

    [Fact]
    public void A_live_count_shows_in_a_digest()
    {
        var counts = new SlotCounts();
        counts.Add(9);
        var digests = new HashSet<string> { Digest(counts, 8), Digest(counts, 10) };
        counts.Add(9);
        digests.Add(Digest(counts, 8));
        counts.Add(10);
        digests.Add(Digest(counts, 8));
        digests.Should().HaveCount(4);
    }

    private static string Digest(SlotCounts counts, int liveFrom)
    {
        using var digest = new StateDigest();
        counts.AddTo(digest, liveFrom);
        return digest.Finish();
    }
}
