namespace Tidal.Testing.Tests.Cli;

/// <summary>The report as people read it.</summary>
public sealed class ConsoleReportTests : IDisposable
{
    private readonly ProgramRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void It_tells_the_day_from_the_plan_to_the_verdict()
    {
        _run.Replay("--query", "12:00 eu-west RETRIEVE items LIMIT 4").Should().Be(0);
        var report = _run.Output.Remove(_run.Output.LastIndexOf("\n\n", StringComparison.Ordinal));
        report.Should().Be(Expected);
        _run.Error.Should().BeEmpty();
    }

    [Fact]
    public void A_plan_that_was_asked_for_is_told_instead_of_items()
    {
        _run.Replay("--query", "EXPLAIN RETRIEVE items").Should().Be(0);
        _run.Output.Should().Contain("us-east: EXPLAIN RETRIEVE items\n  profile    trending\n  scope      \uFFFD[31meveryone\n\nFailovers\n");
    }

    [Fact]
    public void A_tenant_that_moved_is_told_with_its_steps_and_checks()
    {
        _run.Replay("--migrate", "12:00 wiki:fr ap-south->eu-west").Should().Be(0);
        _run.Output.Should().Contain(
            """
              migrations  12:00 wiki:fr ap-south->eu-west
            """);
        _run.Output.Should().Contain(
            """

            wiki:fr from ap-south to eu-west (UTC)
                            step
              12:00:00.000  routing configuration changed
              12:00:00.000  the target takes in what the source holds
              12:01:00.000  both take writes
              12:02:00.000  the source takes no more, the target takes in the last
              12:03:00.000  the target alone serves, the source erases
              12:04:00.000  over
              queries from every region meanwhile: 2,400
              of those, cut off by a fault, and said so: 800

            """);
        _run.Output.Should().MatchRegex("wiki:fr is in eu-west alone +yes +ok\n +short answers while wiki:fr moved +0 of 2,400 +ok\n +bytes of wiki:fr left in ap-south +0 +ok\n");
    }

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(true, 1, 0)]
    [InlineData(true, 0, 1)]
    public void A_move_that_went_wrong_fails_the_audit(bool isOver, int shortQueries, int bytesLeftBehind)
    {
        using var run = new ProgramRun { Host = new Tidal.Cli.TidalHost { Play = (plan, _, _) => Moved(Reports.Of(plan), isOver, shortQueries, bytesLeftBehind) } };
        run.Replay("--migrate", "12:00 wiki:fr ap-south->eu-west").Should().Be(1);
        run.Output.Should().Contain("AUDIT FAILED");
    }

    private static Tidal.Cli.ReplayReport Moved(Tidal.Cli.ReplayReport report, bool isOver, int shortQueries, int bytesLeftBehind) => report with
    {
        Migrations = [report.Migrations[0] with { IsOver = isOver, ShortQueries = shortQueries, BytesLeftBehind = bytesLeftBehind }],
    };

    [Fact]
    public void Away_from_a_terminal_it_has_no_control_characters_and_no_long_lines()
    {
        _run.Replay("--query", "RETRIEVE items COHORT locale:EU");
        _run.Output.Where(char.IsControl).Distinct().Should().Equal('\n');
        _run.Output.Should().NotContain("\u202E");
        _run.Output.Split('\n').Should().OnlyContain(line => !line.EndsWith(' ') && line.Length <= 80);
    }

    [Fact]
    public void On_a_terminal_it_has_colour_and_a_bar()
    {
        using var run = new ProgramRun { Host = new Tidal.Cli.TidalHost { IsRich = true, Play = ProgramRun.PlayNothing } };
        run.Replay().Should().Be(0);
        run.Output.Should().Contain("\u001B[").And.Contain("Audit passed");
    }

    private const string Expected =
        """
        Tidal replay
          file       day.csv
          signals    2 rows, 2015-09-12 00:49:12 to 23:59:59 UTC
          cluster    3 regions x 5 shards x 3 replicas (us-east, eu-west, ap-south)
          timing     Heartbeat 250 ms, election timeout 1.5-3 s in this replay
          half-life  6 h
          seed       1
          faults     partition ap-south 10:00-14:00
                     crash us-east/2 12:00

        Events (UTC)
          12:00:00.000  us-east/2: the primary (replica 1) crashed while a write to it
                        was unanswered�

        Trending at 23:59:59 UTC
          cohort        item                                                     score
          locale:EU  1  en:Jeremy "Corbyn" <&'+>                              0.333333
                     2  ja:東京都の非常に長い題名であるがゆえに一行には収ま   0.250000
                        りきらないところの百科事典記事一覧 😀
                     3  en:�[31mred�                                          0.125000
          locale:NA  1  en:Jeremy "Corbyn" <&'+>                              0.333333
                     2  ja:東京都の非常に長い題名であるがゆえに一行には収ま   0.250000
                        りきらないところの百科事典記事一覧 😀
                     3  en:�[31mred�                                          0.125000
          everyone   1  en:Jeremy "Corbyn" <&'+>                              0.333333
                     2  ja:東京都の非常に長い題名であるがゆえに一行には収ま   0.250000
                        りきらないところの百科事典記事一覧 😀
                     3  en:�[31mred�                                          0.125000

        12:00:00 UTC, eu-west: RETRIEVE items LIMIT 4
          degraded: eu-west/4 is missing (no primary); ap-south is missing (no answer)
          staleness: ap-south up to 2.1 h
             item                                                                score
          1  en:Jeremy "Corbyn" <&'+>                                         0.333333
          2  ja:東京都の非常に長い題名であるがゆえに一行には収まりきらないと  0.250000
             ころの百科事典記事一覧 😀
          3  en:�[31mred�                                                     0.125000
          4  en:4                                                             0.062500

        Failovers
          shard      leader epoch  took over after
          us-east/2             3          2.125 s

        Regions that agree again (UTC)
                    regions               shards  records  voided  hides     took
          23:59:59  us-east and ap-south       5    1,234       2      3  0.250 s

        Audit
          check                                           found  verdict
          accepted, of all rows                          2 of 2  ok
          present on every replica in every region            2  ok
          lost                                                0  ok
          counted more than once                              0  ok
          hidden, and listed all the same                     0  ok
          replicas equal to the bit                         yes  ok
          equal to a single node without faults             yes  ok
          streams between regions                         quiet  ok
          writes sent again                                   3
          sent again on purpose, elsewhere                    5
          of those, in two logs and counted once              4
          hides                                     7, 2 undone
          answers to those who hid something                 30

        Audit passed: every signal is everywhere, once.
        """;
}
