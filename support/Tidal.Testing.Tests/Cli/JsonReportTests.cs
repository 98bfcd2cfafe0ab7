using System.Text.Json;

namespace Tidal.Testing.Tests.Cli;

/// <summary>The report as programs read it.</summary>
public sealed class JsonReportTests : IDisposable
{
    private readonly ProgramRun _run = new();
    private readonly JsonElement _json;

    public JsonReportTests()
    {
        _run.Replay("--json", "--seed", "18446744073709551615", "--query", "12:00 eu-west RETRIEVE items COHORT locale:EU").Should().Be(0);
        _json = JsonDocument.Parse(_run.Output).RootElement;
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void It_is_one_object_and_nothing_else()
    {
        _run.Output.Should().StartWith("{\n").And.EndWith("\n}\n").And.NotContain("\r");
        _run.Error.Should().BeEmpty();
        KeysOf(_json).Should().Equal(
            "passed", "signals", "accepted", "materialized", "lost", "duplicated", "retries", "sentTwice", "voided", "hides", "leaks", "digestsEqual", "groundTruthEqual", "historyHash", "seed",
            "virtualSeconds", "settings", "checks", "faults", "failovers", "reconciliations", "migrations", "trending", "queries");
    }

    [Fact]
    public void It_has_the_figures_of_the_audit()
    {
        _run.Output.Should().Contain(
            "  \"accepted\": 2,\n  \"materialized\": 2,\n  \"lost\": 0,\n  \"duplicated\": 0,\n  \"retries\": 3,\n  \"sentTwice\": 5,\n  \"voided\": 4,\n  \"hides\": 7,\n  \"leaks\": 0,\n  \"digestsEqual\": true,\n");
        _json.GetProperty("historyHash").GetString().Should().Be("0123456789abcdef");
        _json.GetProperty("seed").GetUInt64().Should().Be(ulong.MaxValue);
    }

    [Fact]
    public void It_has_the_faults_and_the_failovers()
    {
        var faults = _json.GetProperty("faults");
        Compact(faults[0]).Should().Be(
            """{"kind":"partition","region":"ap-south","from":"2015-09-12T10:00:00.000Z","to":"2015-09-12T14:00:00.000Z","text":"partition ap-south 10:00-14:00"}""");
        Compact(faults[1]).Should().Be(
            """{"kind":"crash","region":"us-east","shard":2,"from":"2015-09-12T12:00:00.000Z","text":"crash us-east/2 12:00"}""");
        Compact(_json.GetProperty("failovers")).Should().Be("""[{"region":"us-east","shard":2,"epoch":3,"seconds":2.125}]""");
    }

    [Fact]
    public void It_has_what_regions_shipped_to_agree_again() =>
        Compact(_json.GetProperty("reconciliations")).Should().Be("""{"count":5,"recordsShipped":1200,"duplicatesVoided":2,"hidesResolved":3}""");

    [Fact]
    public void It_has_the_moves_of_tenants()
    {
        Compact(_json.GetProperty("migrations")).Should().Be("[]");
        using var run = new ProgramRun();
        run.Replay("--json", "--migrate", "12:00 wiki:fr ap-south->eu-west").Should().Be(0);
        var migration = JsonDocument.Parse(run.Output).RootElement.GetProperty("migrations")[0];
        KeysOf(migration).Should().Equal(
            "tenant", "from", "to", "began", "over", "steps", "waits", "queries", "shortQueries", "cutOffQueries", "bytesLeftBehind");
        Compact(migration).Should().StartWith(
            """{"tenant":"wiki:fr","from":"ap-south","to":"eu-west","began":"2015-09-12T12:00:00.000Z","over":true,""");
        Compact(migration.GetProperty("steps")[2]).Should().Be("""{"step":"finalizing","time":"2015-09-12T12:02:00.000Z"}""");
        Compact(migration.GetProperty("waits")).Should().Be("""[{"for":"eu-west does not hear ap-south","since":"2015-09-12T12:00:00.000Z"}]""");
        Compact(migration).Should().EndWith(""" "queries":2400,"shortQueries":0,"cutOffQueries":800,"bytesLeftBehind":0}""".TrimStart());
    }

    [Fact]
    public void It_has_a_list_for_each_cohort_and_for_everyone_last()
    {
        KeysOf(_json.GetProperty("trending")).Should().Equal("locale:EU", "locale:NA", "everyone");
        Compact(_json.GetProperty("trending").GetProperty("everyone")[0]).Should().Be(
            """{"rank":1,"item":"en:Jeremy \"Corbyn\" <&'+>","score":0.3333333333333333}""");
    }

    [Fact]
    public void It_has_the_answers_with_what_they_cover()
    {
        var query = _json.GetProperty("queries")[0];
        KeysOf(query).Should().Equal("text", "time", "region", "stats", "items");
        query.GetProperty("text").GetString().Should().Be("RETRIEVE items COHORT locale:EU");
        query.GetProperty("time").GetString().Should().Be("2015-09-12T12:00:00.000Z");
        query.GetProperty("region").GetString().Should().Be("eu-west");
        var stats = query.GetProperty("stats");
        KeysOf(stats).Should().Equal("degraded", "asked", "answered", "missing", "staleness", "considered", "left", "milliseconds");
        stats.GetProperty("degraded").GetBoolean().Should().BeTrue();
        Compact(stats.GetProperty("missing")[0]).Should().Be("""{"region":"eu-west","shard":4,"reason":"noPrimary"}""");
        Compact(stats.GetProperty("missing")[1]).Should().Be("""{"region":"ap-south","shard":0,"reason":"noAnswer"}""");
        Compact(stats.GetProperty("staleness")).Should().Be("""[{"region":"us-east","shard":0,"origin":"ap-south","milliseconds":7560000}]""");
    }

    [Fact]
    public void It_has_the_next_cursor_and_the_explanation_where_there_is_one()
    {
        _run.Replay("--json", "--query", "RETRIEVE items LIMIT 4", "--query", "EXPLAIN RETRIEVE items").Should().Be(0);
        var queries = JsonDocument.Parse(_run.Output[(_run.Output.LastIndexOf("\n{\n", StringComparison.Ordinal) + 1)..]).RootElement.GetProperty("queries");
        KeysOf(queries[0]).Should().Equal("text", "time", "region", "stats", "items", "nextCursor");
        queries[0].GetProperty("nextCursor").GetString().Should().Be("AQ-_");
        KeysOf(queries[1]).Should().Equal("text", "time", "region", "stats", "items", "explanation");
        queries[1].GetProperty("explanation").GetString().Should().Be("profile    trending\nscope      \u001B[31meveryone");
        queries[1].GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public void Titles_are_not_escaped() => _run.Output.Should().Contain("ja:東京都の非常に").And.NotContain("\\u6771").And.NotContain("\u001B");

    private static IEnumerable<string> KeysOf(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
