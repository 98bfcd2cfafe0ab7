using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

public sealed class OriginLogTests
{
    [Fact]
    public void Batches_are_found_as_in_a_list_of_them() =>
        SeededProperty.HoldsFor(random =>
        {
            var (log, batches) = (new OriginLog(), RandomBatches(random));
            foreach (var (header, index) in batches)
                log.Add(header, index);
            var last = batches.Count == 0 ? 0 : batches[^1].Header.LastNumber;
            for (var number = 0UL; number <= last + 2; number++)
            {
                var holding = batches.Where(batch => batch.Header.FirstNumber <= number && number <= batch.Header.LastNumber).ToList();
                log.Find(number).Should().Be(holding.Count == 0 ? null : (holding[0].Index, OriginLog.MarkOf(holding[0].Header)));
                log.CountBatchesAfter(number).Should().Be(batches.Count(batch => batch.Header.LastNumber > number));
            }
            log.BatchCount.Should().Be(batches.Count);
            log.Mark.Should().Be(batches.Count == 0 ? default : OriginLog.MarkOf(batches[^1].Header));
        });

    [Fact]
    public void A_mark_is_epoch_last_number_and_checksum()
    {
        var header = new BatchHeader { OriginEpoch = 4, FirstNumber = 11, Count = 3, Crc = 77 };
        OriginLog.MarkOf(header).Should().Be(new OriginMark(4, 13, 77));
    }

    private static List<(BatchHeader Header, ulong Index)> RandomBatches(DeterministicRandom random)
    {
        var batches = new List<(BatchHeader, ulong)>();
        var (number, index) = (1UL, 0UL);
        for (var left = random.Next(12); left > 0; left--)
        {
            var count = 1 + random.Next(4);
            index += (ulong)random.Next(1, 4);
            batches.Add((new BatchHeader { FirstNumber = number, Count = count, OriginEpoch = 1, Crc = (uint)random.NextBits() }, index));
            number += (ulong)count;
        }
        return batches;
    }
}
