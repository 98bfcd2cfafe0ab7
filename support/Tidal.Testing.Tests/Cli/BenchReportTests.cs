using System.Text.Json;
using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>The report of a benchmark, as programs and as people read it.</summary>
public sealed class BenchReportTests
{
    private static readonly string[] Keys =
    [
        "passed", "acceptedPerSecondMemory", "acceptedPerSecondFile", "ackMilliseconds", "lagMilliseconds", "failoverSeconds",
        "recoveryRecordsPerSecond", "retrieveMicroseconds", "bytesPerItemSignal", "bytesAllocatedPerSignal", "bytesAllocatedPerQuery",
        "batch", "cores", "machine", "date", "durations",
    ];

    private static readonly BenchReport Empty = new() { Batch = 1_000, Cores = 2, Machine = "a machine", Date = DateTimeOffset.UnixEpoch };

    private static readonly BenchReport Full = Empty with
    {
        AcceptedPerSecondMemory = 250_000.4,
        AcceptedPerSecondFile = 74_999.4,
        AckMilliseconds = new Spread(1.5, 3.25, 9.8765),
        LagMilliseconds = new Spread(2, 19.9, 21),
        Failovers = [0.5, 1.5, 0.7],
        RecoveryRecordsPerSecond = 3_000_001,
        RecoveryRecordsPerSecondFile = 2_000_000,
        RecoveryRecordsPerSecondScan = 9_000_000,
        Queries = [new QueryFigure("trending", new Spread(50.25, 249, 300), 1_000), new QueryFigure("endToEndTop", new Spread(500, 900, 1_000), 2)],
        BytesPerItemSignal = 99.96,
        BytesPerItem = 70,
        BytesAllocatedPerSignal = 18,
        LogBytesPerSignal = 340,
        BytesAllocatedPerQuery = 4_096,
        Phases = [new MeasuredPhase("peak", 3.25, 5.5, 1_000, 1_375_000, "signals")],
    };

    [Fact]
    public void Its_keys_are_always_all_there_and_in_one_order()
    {
        KeysOf(Json(Empty)).Should().Equal(Keys);
        KeysOf(Json(Full)).Should().Equal(Keys);
        Json(Empty).EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Null).Select(property => property.Name)
            .Should().Equal(Keys[1..11]);
    }

    [Fact]
    public void Programs_read_each_figure_in_its_unit()
    {
        var json = Json(Full);
        json.GetProperty("passed").GetBoolean().Should().BeTrue();
        json.GetProperty("acceptedPerSecondMemory").GetDouble().Should().Be(250_000);
        Compact(json.GetProperty("ackMilliseconds")).Should().Be("""{"p50":1.5,"p99":3.25,"p999":9.876}""");
        Compact(json.GetProperty("lagMilliseconds")).Should().Be("""{"p50":2,"p99":19.9,"p999":21}""");
        Compact(json.GetProperty("retrieveMicroseconds")).Should().Be("""{"trending":{"p50":50.2,"p99":249},"endToEndTop":{"p50":500,"p99":900}}""");
        Compact(json.GetProperty("durations")).Should().Be("""{"peak":{"warmUpSeconds":3.25,"seconds":5.5,"batch":1000,"count":1375000}}""");
        json.GetProperty("bytesPerItemSignal").GetDouble().Should().Be(100);
    }

    [Fact]
    public void The_failover_told_to_programs_is_the_worst() => Json(Full).GetProperty("failoverSeconds").GetDouble().Should().Be(1.5);

    [Fact]
    public void People_read_what_was_reached_beside_what_was_wanted()
    {
        using var run = RunOf(Full, width: 200);
        run.Run(["bench"]).Should().Be(0);
        var lines = run.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        lines.Should().Contain(
        [
            "cluster 3 regions x 5 shards x 3 replicas in this process, 1,000 signals a call",
            "something goes on",
            "peak 3.3 s 5.5 s 1,000 1,375,000 signals",
            "signals a second on all replicas, memory 250,000 >= 250,000 reached",
            "signals a second on all replicas, files 74,999 >= 75,000 not yet",
            "bytes allocated a signal, logs left out 18.0 0 not yet",
            "lag between regions, ms: p50, p99, p99.9 2.00 / 19.90 / 21.00 p99 < 20 ms reached",
            "failover, s: the worst of 3 1.500 < 1.5 s not yet",
            "the median 0.700",
            "records recovered a second, memory 3,000,001 >= 3,000,000 reached",
            "trending, us: p50, p99 50 / 249 p99 < 250 us reached",
            "endToEndTop, us: p50, p99 500 / 900",
        ]);
        run.Output.Should().Contain("Everything that was accepted is everywhere, once, and equal to the formula.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Figures_of_a_cluster_that_is_wrong_are_no_figures_and_end_with_1(bool json)
    {
        using var run = RunOf(Full.With(["shard 3: a signal is lost"]), width: 80);
        run.Run(json ? ["bench", "--json"] : ["bench"]).Should().Be(1);
        run.Output.Should().Contain(json ? "\"passed\": false" : "shard 3: a signal is lost").And.NotContain(json ? "true" : "Everything that was accepted is");
    }

    [Fact]
    public void An_interruption_ends_with_130()
    {
        using var interruption = new CancellationTokenSource();
        interruption.Cancel();
        using var run = new ProgramRun();
        run.Run(["bench", "--quick", "--json"], interruption.Token).Should().Be(130);
        (run.Output, run.Error).Should().Be(("", "tidal: interrupted.\n"));
    }

    private static ProgramRun RunOf(BenchReport report, int width) => new()
    {
        Host = new TidalHost
        {
            Width = width,
            Measure = (_, told, _) =>
            {
                told("something goes on");
                return report;
            },
        },
    };

    private static JsonElement Json(BenchReport report)
    {
        using var run = RunOf(report, width: 80);
        run.Run(["bench", "--json"]).Should().Be(0);
        run.Output.Should().StartWith("{\n").And.EndWith("\n}\n").And.NotContain("something goes on");
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static IEnumerable<string> KeysOf(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);
}
