using System.Globalization;
using Spectre.Console;

namespace Tidal.Cli;

/// <summary>Writes a benchmark for a reader: what is being measured, and then a table of figures beside what is wanted.</summary>
internal sealed class BenchConsole
{
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);

    private readonly IAnsiConsole _console;

    /// <summary>Writes to a console.</summary>
    /// <param name="console">The console.</param>
    public BenchConsole(IAnsiConsole console) => _console = console;

    /// <summary>Says what will be measured, and on what.</summary>
    /// <param name="options">What will be.</param>
    /// <param name="machine">The machine.</param>
    public void WriteHeading(BenchOptions options, string machine)
    {
        var topology = BenchCluster.Topology;
        _console.Write(new Text("Tidal bench\n", Strong));
        WriteLine($"machine  {machine}");
        WriteLine($"cluster  {topology.RegionCount} regions x {topology.ShardCount} shards x {topology.ReplicaCount} replicas in this process, {Wording.Count(options.Batch, "signal")} a call");
        WriteLine($"seed     {options.Seed}");
        WriteTitle("Phases");
    }

    /// <summary>Says what is going on.</summary>
    /// <param name="text">What is.</param>
    public void WriteProgress(string text) => WriteLine(text);

    /// <summary>Says what came of it.</summary>
    /// <param name="report">What came of it.</param>
    public void Write(BenchReport report)
    {
        WriteTitle("Measured");
        var phases = TableOf(("phase", false), ("warm-up", true), ("time", true), ("batch", true), ("count", true), ("of", false));
        foreach (var phase in report.Phases)
        {
            phases.AddRow(
                Cell(phase.Name), Cell(Seconds(phase.WarmUpSeconds)), Cell(Seconds(phase.Seconds)), Cell(phase.Batch == 0 ? "" : Number(phase.Batch)),
                Cell(Number(phase.Count)), Cell(phase.Note));
        }

        WriteTable(phases);
        WriteTitle("Figures");
        var figures = TableOf(("figure", false), ("here", true), ("wanted", true), ("", false));
        foreach (var figure in BenchFigure.Of(report))
            figures.AddRow(Cell(figure.Name), Cell(figure.Value), Cell(figure.Target), Verdict(figure.IsReached));
        WriteTable(figures);
        WriteProblems(report);
    }

    private void WriteProblems(BenchReport report)
    {
        foreach (var problem in report.Problems)
            WriteLine(problem);
        _console.Write(report.Passed
            ? new Text("\nEverything that was accepted is everywhere, once, and equal to the formula.\n", Good)
            : new Text("\nTHE FIGURES ARE OF A CLUSTER THAT IS WRONG\n", Bad));
    }

    private void WriteTitle(string title) => _console.Write(new Text($"\n{title}\n", Strong));

    private void WriteLine(string text) => _console.Write(new Text($"  {Printable.Text(text)}\n"));

    private void WriteTable(Table table) => _console.Write(new Padder(table, new Padding(2, 0, 0, 0)));

    private static Text Verdict(bool? isReached) => isReached switch
    {
        true => new Text("reached", Good),
        false => new Text("not yet"),
        null => Text.Empty,
    };

    private static Text Cell(string text) => new Text(Printable.Text(text));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s";

    private static Table TableOf(params (string Name, bool Right)[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var (name, right) in columns)
        {
            var column = new TableColumn(new Text(name, ConsoleReport.Faint)) { NoWrap = right, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? column.RightAligned() : column);
        }

        return table;
    }
}
