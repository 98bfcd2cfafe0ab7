using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tidal.Cli;

/// <summary>Writes a report for a reader: what is played before it, and what came of it after it.</summary>
internal sealed class ConsoleReport
{
    /// <summary>How what matters less is shown.</summary>
    public static readonly Style Faint = new(Color.Grey);

    private const int TrendingShown = 3;

    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);

    private readonly IAnsiConsole _console;

    /// <summary>Writes to a console.</summary>
    /// <param name="console">The console.</param>
    public ConsoleReport(IAnsiConsole console) => _console = console;

    /// <summary>Says what will be played.</summary>
    /// <param name="plan">What will be.</param>
    public void WriteHeading(ReplayPlan plan)
    {
        var topology = ReplayCluster.Topology;
        var regions = string.Join(", ", ReplayCluster.Regions);
        _console.Write(new Text("Tidal replay\n", Strong));
        var grid = Columns(3, wrapping: 1);
        Row(grid, "file", Path.GetFileName(plan.File));
        Row(grid, "signals", $"{Wording.Count(plan.Rows.Count, "row")}, {Wording.Day(plan.Start)} {plan.RowTimes} UTC");
        Row(grid, "cluster", $"{topology.RegionCount} regions x {topology.ShardCount} shards x {topology.ReplicaCount} replicas ({regions})");
        if (plan.Migrations.Count > 0)
            Row(grid, "tenants", $"{Wording.Count(plan.Editions.Count, "language edition")}, each in all regions, but for what moves");
        Row(grid, "timing", TimingOf());
        Row(grid, "half-life", Wording.Span(plan.HalfLife));
        Row(grid, "seed", plan.Seed.ToString(CultureInfo.InvariantCulture));
        Row(grid, "faults", plan.Faults.Count == 0 ? "none" : string.Join('\n', plan.Faults.Select(fault => fault.Text)));
        if (plan.Migrations.Count > 0)
            Row(grid, "migrations", string.Join('\n', plan.Migrations.Select(migration => migration.Text)));
        _console.Write(grid);
        WriteTitle("Events (UTC)");
    }

    /// <summary>Says what came of it.</summary>
    /// <param name="report">What came of it.</param>
    /// <param name="elapsed">How long it took, by the clock on the wall.</param>
    public void Write(ReplayReport report, TimeSpan elapsed)
    {
        WriteTrending(report);
        foreach (var query in report.Queries)
            WriteQuery(query);
        WriteFailovers(report.Failovers);
        WriteHeals(report.Heals);
        foreach (var migration in report.Migrations)
            WriteMigration(migration);
        WriteAudit(report);
        var speed = FormattableString.Invariant($"{TimeSpan.FromSeconds(report.VirtualSeconds):hh\\:mm\\:ss} of the cluster's time in {elapsed.TotalSeconds:0.0} s");
        _console.Write(new Text($"\n{speed}, history {Printable.Text(report.HistoryHash)}\n", Faint));
    }

    private static string TimingOf() =>
        $"Heartbeat {Wording.Span(ReplayCluster.Heartbeat)}, election timeout {Seconds(ReplayCluster.ElectionTimeoutMin)}-{Seconds(ReplayCluster.ElectionTimeoutMax)} s in this replay";

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static Grid Columns(int count, int wrapping)
    {
        var grid = new Grid();
        for (var i = 0; i < count; i++)
            grid.AddColumn(i == wrapping ? new GridColumn() : new GridColumn().NoWrap());
        return grid;
    }

    private static void Row(Grid grid, string name, string value) =>
        grid.AddRow(new Text($"  {name}", Faint), new Text(Lines(value)), Text.Empty);

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(Printable.Text));

    private void WriteTitle(string title) => _console.Write(new Text($"\n{title}\n", Strong));

    private void WriteTrending(ReplayReport report)
    {
        WriteTitle($"Trending at {Wording.ClockSeconds(report.ReadTime)} UTC");
        var table = TableOf(("cohort", false, true), ("", true, true), ("item", false, false), ("score", true, true));
        foreach (var list in TrendingList.InOrder(report.Trending))
        {
            var cohort = Printable.Text(list.Cohort);
            foreach (var item in list.Items.Take(TrendingShown))
            {
                AddItem(table, cohort, item);
                cohort = "";
            }
        }

        WriteTable(table);
    }

    private void WriteQuery(PlayedQuery query)
    {
        WriteTitle($"{Wording.ClockSeconds(query.Time)} UTC, {query.Region}: {Printable.Text(query.Text)}");
        if (query.Explanation is not null)
        {
            _console.Write(new Padder(new Text(Lines(query.Explanation)), new Padding(2, 0, 0, 0)));
            return;
        }

        _console.Write(new Text($"  {Coverage.Describe(query.Stats)}\n", query.Stats.IsDegraded ? Bad : Good));
        if (Coverage.DescribeStaleness(query.Stats) is { Length: > 0 } staleness)
            _console.Write(new Text($"  staleness: {staleness}\n"));
        if (query.Items.Count == 0)
        {
            _console.Write(new Text("  no items\n"));
            return;
        }

        var table = TableOf(("", true, true), ("item", false, false), ("score", true, true));
        foreach (var item in query.Items)
            AddItem(table, null, item);
        WriteTable(table);
    }

    private void WriteFailovers(IReadOnlyList<PlayedFailover> failovers)
    {
        WriteTitle("Failovers");
        if (failovers.Count == 0)
        {
            _console.Write(new Text("  none\n"));
            return;
        }

        var table = TableOf(("shard", false, true), ("leader epoch", true, true), ("took over after", true, true));
        foreach (var failover in failovers)
            AddCells(table, $"{failover.Region}/{failover.Shard}", Number((long)failover.Epoch), FormattableString.Invariant($"{failover.Seconds:0.000} s"));
        WriteTable(table);
    }

    private void WriteHeals(IReadOnlyList<PlayedHeal> heals)
    {
        if (heals.Count == 0)
            return;
        WriteTitle("Regions that agree again (UTC)");
        var table = TableOf(
            ("", false, true), ("regions", false, true), ("shards", true, true), ("records", true, true),
            ("voided", true, true), ("hides", true, true), ("took", true, true));
        foreach (var heal in heals)
        {
            AddCells(
                table, Wording.ClockSeconds(heal.Time), $"{heal.First} and {heal.Second}", Number(heal.Shards), Number(heal.Records),
                Number(heal.Voided), Number(heal.HidesResolved), FormattableString.Invariant($"{heal.Seconds:0.000} s"));
        }

        WriteTable(table);
    }

    private void WriteMigration(PlayedMigration migration)
    {
        WriteTitle($"{Printable.Text(migration.Tenant)} from {migration.From} to {migration.To} (UTC)");
        var table = TableOf(("", false, true), ("step", false, false));
        AddCells(table, Wording.Clock(migration.Began), "routing configuration changed");
        foreach (var step in migration.Steps)
            AddCells(table, Wording.Clock(step.Time), step.Title);
        WriteTable(table);
        _console.Write(new Text($"  queries from every region meanwhile: {Number(migration.Queries)}\n"));
        if (migration.CutOffQueries > 0)
            _console.Write(new Text($"  of those, cut off by a fault, and said so: {Number(migration.CutOffQueries)}\n"));
    }

    private void WriteAudit(ReplayReport report)
    {
        WriteTitle("Audit");
        var table = TableOf(("check", false, false), ("found", true, false), ("verdict", false, true));
        AddCheck(table, "accepted, of all rows", $"{Number(report.Accepted)} of {Number(report.Signals)}", report.Accepted == report.Signals);
        AddCheck(table, "present on every replica in every region", Number(report.Materialized), report.Materialized == report.Accepted);
        AddCheck(table, "lost", Number(report.Lost), report.Lost == 0);
        AddCheck(table, "counted more than once", Number(report.Duplicated), report.Duplicated == 0);
        AddCheck(table, "hidden, and listed all the same", Number(report.Leaks), report.Leaks == 0);
        AddCheck(table, "replicas equal to the bit", report.DigestsEqual ? "yes" : "no", report.DigestsEqual);
        AddCheck(table, "equal to a single node without faults", report.GroundTruthEqual ? "yes" : "no", report.GroundTruthEqual);
        foreach (var migration in report.Migrations)
            AddChecks(table, migration);
        foreach (var check in report.Checks)
            AddCheck(table, check.Name, check.Detail, check.Passed);
        AddCells(table, "writes sent again", Number(report.Retries), "");
        if (report.SentTwice > 0)
        {
            AddCells(table, "sent again on purpose, elsewhere", Number(report.SentTwice), "");
            AddCells(table, "of those, in two logs and counted once", Number(report.Voided), "");
        }

        if (report.Hides > 0)
        {
            AddCells(table, "hides", $"{Number(report.Hides)}, {Number(report.HidesUndone)} undone", "");
            AddCells(table, "answers to those who hid something", Number(report.AnswersWatched), "");
        }

        WriteTable(table);
        _console.Write(report.Passed
            ? new Text("\nAudit passed: every signal is everywhere, once.\n", Good)
            : new Text("\nAUDIT FAILED\n", Bad));
    }

    private static void AddCheck(Table table, string name, string found, bool passed) =>
        table.AddRow(Cell(name), Cell(found), new Text(passed ? "ok" : "FAILED", passed ? Good : Bad));

    private static void AddChecks(Table table, PlayedMigration migration)
    {
        AddCheck(table, $"{migration.Tenant} is in {migration.To} alone", migration.IsOver ? "yes" : "no", migration.IsOver);
        AddCheck(table, $"short answers while {migration.Tenant} moved", $"{Number(migration.ShortQueries)} of {Number(migration.Queries)}", migration.ShortQueries == 0);
        AddCheck(table, $"bytes of {migration.Tenant} left in {migration.From}", Number(migration.BytesLeftBehind), migration.BytesLeftBehind == 0);
    }

    private static void AddItem(Table table, string? cohort, ListedItem item)
    {
        string[] cells = [Number(item.Rank), item.Item, item.Score.ToString("F6", CultureInfo.InvariantCulture)];
        AddCells(table, cohort is null ? cells : [cohort, .. cells]);
    }

    private static void AddCells(Table table, params string[] cells) => table.AddRow(cells.Select(Cell));

    private void WriteTable(Table table) => _console.Write(new Padder(table, new Padding(2, 0, 0, 0)));

    private static IRenderable Cell(string text) => new Text(Printable.Text(text));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Table TableOf(params (string Name, bool Right, bool Whole)[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var (name, right, whole) in columns)
        {
            var column = new TableColumn(new Text(name, Faint)) { NoWrap = whole, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? column.RightAligned() : column);
        }

        return table;
    }
}
