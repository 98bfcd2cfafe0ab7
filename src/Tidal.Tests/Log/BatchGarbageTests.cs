using FsCheck;
using FsCheck.Fluent;
using Tidal.Log;

namespace Tidal.Tests.Log;

/// <summary>Bytes that pass the checksum and yet were never written: what a faulty peer, or an older bug, would send.</summary>
public class BatchGarbageTests
{
    private static readonly Gen<byte> Bytes = Gen.Choose(0, 255).Select(n => (byte)n);

    [Fact]
    public void Garbage_gives_a_typed_error() =>
        Prop.ForAll(Bytes.ArrayOf().ToArbitrary(), bytes =>
        {
            EndsWellOrTyped(() => BatchReader.Verify(bytes));
            EndsWellOrTyped(() => Envelope.Open(bytes));
            EndsWellOrTyped(() => ControlRecord.Decode(bytes));
            EndsWellOrTyped(() => SegmentHeader.Read(bytes));
            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_sealed_batch_with_some_bytes_changed_is_refused_or_is_the_one_encoding_of_what_it_says(ushort version)
    {
        var changes = from place in Gen.Choose(0, 10_000) from value in Bytes select (place, value);
        var cases = from records in RecordGenerators.Batches from edits in changes.ArrayOf(3) select (records, edits);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var batch = BatchWriter.Encode(Samples.Start with { Version = version }, sample.records);
            foreach (var (place, value) in sample.edits)
                batch[64 + (place % (batch.Length - 64))] = value;
            BatchTests.Seal(batch);
            return IsRefusedOrCanonical(batch);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_byte_of_every_kind_changed_to_every_value_is_refused_or_canonical(ushort version)
    {
        var batch = BatchWriter.Encode(Samples.Start with { Version = version }, Samples.OneOfEachKind());
        for (var place = 64; place < batch.Length; place++)
        {
            var original = batch[place];
            for (var value = 0; value < 256; value++)
            {
                batch[place] = (byte)value;
                BatchTests.Seal(batch);
                IsRefusedOrCanonical(batch).Should().BeTrue($"byte {place} is {value}");
            }
            batch[place] = original;
        }
    }

    [Theory]
    [MemberData(nameof(RecordsOutsideTheLimits))]
    public void A_record_outside_the_limits_is_not_written_and_leaves_the_batch_as_it_was(string what, LogRecord record)
    {
        foreach (ushort version in new[] { 2, 3 })
        {
            var writer = new BatchWriter();
            writer.Begin(Samples.Start with { Version = version });
            writer.TryAdd(Samples.Signal());
            var add = () => writer.TryAdd(record);
            add.Should().Throw<InvalidRecordException>().Which.What.Should().Be(what);
            writer.TryAdd(Samples.Signal(2, "another", "one")).Should().BeTrue();
            Samples.ReadAll(writer.Finish()).Should().Equal(Samples.Signal(), Samples.Signal(2, "another", "one"));
        }
    }

    public static TheoryData<string, LogRecord> RecordsOutsideTheLimits()
    {
        var signal = Samples.Signal();
        var kinds = Samples.OneOfEachKind();
        var long64 = Enumerable.Repeat(new AttributeValue(new string('k', 1000), new string('v', 1000)), 64).ToArray();
        return new()
        {
            { "the item", signal with { Item = new("") } },
            { "the item", signal with { Item = default } },
            { "the item", signal with { Item = new(new string('x', 1025)) } },
            { "the item", signal with { Item = new(new string('名', 342)) } },
            { "the user", signal with { User = new("half a pair \ud800") } },
            { "the weight", signal with { Weight = double.NaN } },
            { "the weight", signal with { Weight = -1 } },
            { "the weight", signal with { Weight = double.PositiveInfinity } },
            { "the cohort stamp", signal with { Cohorts = new Tidal.Schema.CohortScope[9] } },
            { "a cohort's attribute", signal with { Cohorts = [Tidal.Schema.CohortScope.Everyone] } },
            { "a cohort's attribute", signal with { Cohorts = [new(65536, "x")] } },
            { "the target", kinds[2] with { Target = null } },
            { "the kind of hard negative", kinds[2] with { NegativeKind = (NegativeKind)3 } },
            { "the kind of target", kinds[2] with { TargetKind = (TargetKind)2 } },
            { "the attributes", kinds[3] with { Attributes = new AttributeValue[65] } },
            { "an attribute's key", kinds[3] with { Attributes = [new("", "v")] } },
            { "the record", kinds[3] with { Attributes = long64 } },
            { "the session action", kinds[5] with { SessionAction = 0 } },
        };
    }

    [Fact]
    public void A_batch_without_records_or_with_an_impossible_number_is_not_written()
    {
        var empty = () => BatchWriter.Encode(Samples.Start, []);
        var zero = () => BatchWriter.Encode(Samples.Start with { FirstNumber = 0 }, [Samples.Signal()]);
        var last = () => BatchWriter.Encode(Samples.Start with { FirstNumber = ulong.MaxValue }, [Samples.Signal()]);
        empty.Should().Throw<InvalidRecordException>();
        zero.Should().Throw<InvalidRecordException>();
        last.Should().Throw<InvalidRecordException>();
    }

    private static bool IsRefusedOrCanonical(byte[] batch)
    {
        LogRecord[] records;
        try
        {
            records = Samples.ReadAll(batch);
        }
        catch (LogException)
        {
            return true;
        }
        var version = BatchHeader.Read(batch).Version;
        return BatchWriter.Encode(Samples.Start with { Version = version }, records).AsSpan(64).SequenceEqual(batch.AsSpan(64));
    }

    private static void EndsWellOrTyped<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (LogException)
        {
            // Typed, as promised; anything else ends the test.
        }
    }
}
