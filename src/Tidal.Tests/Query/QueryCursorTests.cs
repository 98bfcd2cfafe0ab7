using System.Buffers.Binary;
using System.Buffers.Text;
using FsCheck.Fluent;
using Tidal.Log;
using Tidal.Query;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Query;

/// <summary>Tokens of cursors: their bytes, and that only an answer's own is taken.</summary>
public sealed class QueryCursorTests
{
    private static readonly QueryCursor Sample = new(
        Ledger.Noon, 7, new RankedItem(new ItemId("en:東京"), 2.5), QueryCursor.FingerprintOf(RetrieveParser.Parse("RETRIEVE items")));

    [Fact]
    public void A_token_has_the_bytes_of_its_table()
    {
        var bytes = Base64Url.DecodeFromChars((Sample with { Fingerprint = 0x1122334455667788 }).ToToken());
        Convert.ToHexString(bytes.AsSpan(..^4)).Should().Be(
            "01" + "0068E5CF8B010000" + "0700000000000000" + "0000000000000440" + "8877665544332211" + "656E3AE69DB1E4BAAC");
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^4..)).Should().Be(Crc32C.Of(bytes.AsSpan(..^4)));
    }

    [Fact]
    public void A_token_reads_back_and_is_a_word_of_the_language() =>
        SeededProperty.HoldsFor(random =>
        {
            var id = new string([.. Enumerable.Range(0, 1 + random.Next(300)).Select(_ => (char)(random.Next(2) == 0 ? 'a' : '東'))]);
            var cursor = Sample with
            {
                ReadTimeMilliseconds = Ledger.Noon + random.Next(1_000_000),
                RoutingVersion = (ulong)random.Next(100),
                Last = new RankedItem(new ItemId(id), (1 + random.Next(1_000_000)) / 7.0),
            };
            QueryLexer.IsBareWord(cursor.ToToken()).Should().BeTrue();
            QueryCursor.Of(RetrieveParser.Parse($"RETRIEVE items CURSOR {cursor.ToToken()}")).Should().Be(cursor);
        });

    [Fact]
    public void The_longest_id_has_a_token_that_is_taken()
    {
        var cursor = Sample with { Last = new RankedItem(new ItemId(new string('x', RetrieveQuery.MaximumIdBytes)), 1) };
        Plan($"RETRIEVE items CURSOR {cursor.ToToken()}").After!.Value.Item.Value.Should().HaveLength(RetrieveQuery.MaximumIdBytes);
    }

    [Fact]
    public void The_plan_has_the_read_time_of_the_cursor() =>
        Plan($"RETRIEVE items CURSOR {(Sample with { ReadTimeMilliseconds = 5 }).ToToken()}").ReadTimeMilliseconds.Should().Be(5);

    [Fact]
    public void Any_word_is_a_cursor_or_a_typed_error() =>
        SeededProperty.Holds(
            Gen.Elements("A", "Q", "-", "_", "1", "/", ".", ":", "東", "😀", "=", "%", " ", "\n", Sample.ToToken(), Sample.ToToken()[..9]).NonEmptyListOf(),
            pieces => Refused($"RETRIEVE items CURSOR \"{string.Concat(pieces)}\"", takes: string.Concat(pieces) == Sample.ToToken()), cases: 2_000);

    [Fact]
    public void A_whole_token_with_any_bytes_in_it_is_a_cursor_or_a_typed_error() =>
        SeededProperty.HoldsFor(random =>
        {
            var bytes = Base64Url.DecodeFromChars(Sample.ToToken())[..^4];
            for (var change = 1 + random.Next(6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(25), Sample.Fingerprint);
            bytes = bytes[..(random.Chance(0.2) ? random.Next(bytes.Length) : bytes.Length)];
            Answered($"RETRIEVE items CURSOR {Sealed(bytes)}");
        }, cases: 2_000);

    [Fact]
    public void Every_spoilt_character_is_found()
    {
        var token = Sample.ToToken();
        for (var place = 0; place < token.Length; place++)
        {
            var spoilt = token.Remove(place, 1).Insert(place, token[place] == 'A' ? "B" : "A");
            Refused($"RETRIEVE items CURSOR {spoilt}", takes: false);
            Refused($"RETRIEVE items CURSOR x{token[..place]}", takes: false);
        }
    }

    [Theory]
    [InlineData("RETRIEVE items LIMIT 3", true)]
    [InlineData("EXPLAIN RETRIEVE items", true)]
    [InlineData("retrieve ITEMS using profile TRENDING read home", true)]
    [InlineData("RETRIEVE items COHORT locale:EU", false)]
    [InlineData("RETRIEVE items USING PROFILE new", false)]
    [InlineData("RETRIEVE items USING PROFILE top", false)]
    [InlineData("RETRIEVE items FILTER a:b", false)]
    [InlineData("RETRIEVE items EXCLUDE [@a]", false)]
    [InlineData("RETRIEVE items READ local", false)]
    public void A_cursor_is_taken_with_the_query_that_it_came_from(string query, bool takes) =>
        Refused($"{query} CURSOR {Sample.ToToken()}", takes);

    [Fact]
    public void What_is_wrong_is_said_with_a_caret_under_the_clause()
    {
        Message("RETRIEVE items CURSOR abc LIMIT 2").Should().Be(
            "The cursor is damaged; expected a cursor as an earlier answer gave it.\nRETRIEVE items CURSOR abc LIMIT 2\n               ^");
        Message($"RETRIEVE items READ local CURSOR {Sample.ToToken()}").Should().StartWith(
            "The cursor is of another query; expected the query that it came from, of the same tenant; LIMIT alone may change.\n");
        var bytes = Base64Url.DecodeFromChars(Sample.ToToken())[..^4];
        bytes[0] = 2;
        Message($"RETRIEVE items CURSOR {Sealed(bytes)}").Should().StartWith("The cursor has version 2; expected version 1.\n");
        Message($"RETRIEVE items DIVERSITY max_per_creator:1 CURSOR {Sample.ToToken()}").Should().StartWith(
            "CURSOR is used with DIVERSITY; expected one of the two: a cursor does not know the creators of the pages before.\n");
    }

    private static RetrievePlan Plan(string query) => RetrievePlan.Of(RetrieveParser.Parse(query), Ledger.Schema, Ledger.Noon);

    private static string Message(string query) =>
        FluentActions.Invoking(() => Plan(query)).Should().Throw<QuerySemanticException>().Which.Message;

    private static void Refused(string query, bool takes)
    {
        var planning = FluentActions.Invoking(() => Plan(query));
        if (takes)
            planning.Should().NotThrow();
        else
            planning.Should().Throw<QueryException>().Which.Position.Should().BeGreaterThan(0);
    }

    private static void Answered(string query)
    {
        var ledger = new Ledger().Item("a").Signal("a").Signal("a", Ledger.Noon - 100_000_000);
        try
        {
            var plan = Plan(query);
            new ShardQueryExecutor(default).Execute(ledger.State, plan, null).Items.Should().HaveCountLessThan(2);
            PlanExplanation.Of(plan, Ledger.Schema, [], [], 0).Should().Contain("\nbegins     behind ");
        }
        catch (QuerySemanticException error)
        {
            error.Excerpt.Should().Contain("^");
        }
    }

    private static string Sealed(byte[] bytes)
    {
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32C.Of(bytes));
        return Base64Url.EncodeToString([.. bytes, .. crc]);
    }
}
