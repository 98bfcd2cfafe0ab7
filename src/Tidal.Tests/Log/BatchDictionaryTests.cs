using FsCheck;
using FsCheck.Fluent;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Tests.Log;

/// <summary>Version 3 of a batch: what stands in it already is referred to.</summary>
public class BatchDictionaryTests
{
    private static readonly Gen<LogRecord[]> RepeatingBatches =
        from records in RecordGenerators.Batches from copies in Gen.Choose(1, 3) select Enumerable.Repeat(records, copies).SelectMany(copy => copy).ToArray();

    [Fact]
    public void Any_records_come_back_as_they_were_written() =>
        Prop.ForAll(RepeatingBatches.ToArbitrary(), records =>
        {
            var batch = Samples.Batch3(records);
            BatchReader.Verify(batch).Version.Should().Be(3);
            return Samples.ReadAll(batch).SequenceEqual(Samples.ReadAll(Samples.Batch(records)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_repeats_makes_a_batch_smaller_and_nothing_makes_it_noticeably_larger() =>
        Prop.ForAll(RepeatingBatches.ToArbitrary(), records =>
        {
            // A string of 64 bytes or more, a cohort's of 16 or more, has a length that is a byte longer.
            var strings = records.Sum(record => 3 + (record.Cohorts?.Length ?? 0) + 2 * (record.Attributes?.Length ?? 0));
            return Samples.Batch3(records).Length <= Samples.Batch(records).Length + strings;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_batch_of_one_signal_takes_no_more_than_in_version_2() =>
        Samples.Batch3(Samples.Signal()).Length.Should().Be(Samples.Batch(Samples.Signal()).Length);

    [Theory]
    [InlineData(1, 38)]
    [InlineData(10, 36)]
    [InlineData(1000, 11)]
    public void A_typical_signal_takes_the_less_the_more_stand_beside_it(int count, int bytesMax)
    {
        var records = Enumerable.Range(1, count).Select(Typical).ToArray();
        BatchHeader.Read(Samples.Batch3(records)).PayloadBytes.Should().BeLessThanOrEqualTo(bytesMax * count);
    }

    [Fact]
    public void A_full_dictionary_takes_no_more_strings_and_the_batch_goes_on()
    {
        var writer = new BatchWriter();
        writer.Begin(Samples.Start with { Version = 3 });
        var records = new List<LogRecord>();
        while (Next(records.Count) is var record && writer.TryAdd(record))
            records.Add(record);
        records.Count.Should().BeGreaterThan(LogLimits.DictionaryBytesMax / 500);
        Samples.ReadAll(writer.Finish()).Should().Equal(records);

        static LogRecord Next(int number) => Samples.Signal((ulong)number + 1, item: $"{number % 400}{new string('x', 1000)}");
    }

    [Fact]
    public void The_last_entry_is_referred_to_in_two_bytes()
    {
        var records = new List<LogRecord>();
        for (var number = 0; number < LogLimits.BatchRecordsMax - 1; number++)
            records.Add(Samples.Signal((ulong)number + 1, item: $"i{number:d4}", user: $"u{number:d4}"));
        var before = Samples.Batch3([.. records]).Length;
        records.Add(Samples.Signal((ulong)records.Count + 1, item: "u4094", user: "i4094"));
        var batch = Samples.Batch3([.. records]);
        Samples.ReadAll(batch).Should().Equal(records);
        (batch.Length - before).Should().Be(1 + 2 + 2 + 2 + 2 + 1, "lead, number, time, item, user, cohort");
    }

    [Fact]
    public void A_string_that_should_be_a_reference_is_refused()
    {
        var batch = Samples.Batch3(Samples.Signal(1, item: "item-a"), Samples.Signal(2, item: "item-b"));
        batch[batch.AsSpan().LastIndexOf("item-b"u8) + 5] = (byte)'a';
        BatchTests.Seal(batch);
        var read = () => BatchReader.Verify(batch);
        read.Should().Throw<LogFormatException>().Which.What.Should().Be("an item is spelt out again");
    }

    [Fact]
    public void A_reference_to_a_string_that_is_not_there_is_refused()
    {
        var batch = Samples.Batch3(Samples.Signal(1), Samples.Signal(2));
        batch[^3].Should().Be(1, "the item is entry 0");
        batch[^3] = 7;
        BatchTests.Seal(batch);
        var read = () => BatchReader.Verify(batch);
        read.Should().Throw<LogFormatException>().Which.What.Should().Be("an item is string 3");
    }

    [Fact]
    public void What_may_be_written_does_not_depend_on_what_stands_before_it()
    {
        var value = new string('v', 1000);
        var attributes = Enumerable.Range(0, 64).Select(number => new AttributeValue($"{number}{value}", value)).ToArray();
        var item = LogRecord.ForItem(new OperationId(Samples.Session, 1), Samples.Hlc, Samples.Noon, new ItemId("i"), Samples.East, attributes);
        foreach (ushort version in new[] { 2, 3 })
        {
            var write = () => BatchWriter.Encode(Samples.Start with { Version = version }, [item]);
            write.Should().Throw<InvalidRecordException>().Which.What.Should().Be("the record");
        }
    }

    [Fact]
    public void An_unknown_version_is_not_written()
    {
        var write = () => BatchWriter.Encode(Samples.Start with { Version = 4 }, [Samples.Signal()]);
        write.Should().Throw<UnsupportedFormatException>().Which.Found.Should().Be(4);
    }

    private static readonly string[] Locales = ["EU", "NA", "AS", "SA"];

    /// <summary>Signals on 97 articles by 31 users in four cohorts.</summary>
    private static LogRecord Typical(int number) => Samples.Signal((ulong)number, $"en:An article {number % 97}", $"user{number % 31:x8}") with
    {
        Cohorts = [new CohortScope(0, Locales[number % 4])],
    };
}
