using System.CommandLine;
using Tidal.Query;

namespace Tidal.Cli;

/// <summary>The command <c>bench</c>: its options, and what they mean. Not safe for use by several threads.</summary>
internal sealed class BenchCommand : Command
{
    private const string OnlyOption = "--only";

    private static readonly IReadOnlyList<(string Name, BenchPhases Phase)> Phases =
    [
        ("peak", BenchPhases.Peak), ("file", BenchPhases.File), ("latency", BenchPhases.Latency),
        ("failover", BenchPhases.Failover), ("recovery", BenchPhases.Recovery), ("retrieve", BenchPhases.Retrieve),
    ];

    private static readonly BenchOptions Defaults = new();

    private readonly Option<string?> _only = new(OnlyOption)
    {
        HelpName = "PHASES",
        Description = "Measures these phases alone: peak, file, latency, failover, recovery and retrieve, with commas between them. Default: all.",
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "Does everything in a few seconds, to see that it works: the figures say little." };

    private readonly Option<string?> _seconds = NumberOf("--seconds", $"How long each timed phase lasts, after its warm-up. Default: {Defaults.Seconds}.");

    private readonly Option<string?> _items = NumberOf("--items", $"Items of the one shard that is queried. Default: {Defaults.Items:N0}.");

    private readonly Option<string?> _clusterItems = NumberOf(
        "--cluster-items", $"Items of the cluster that is queried end to end; nine replicas hold each of them. Default: {Defaults.ClusterItems:N0}.");

    private readonly Option<string?> _rate = NumberOf("--rate", $"Signals a second while times of acknowledgement and replication are measured. Default: {Defaults.Rate:N0}.");

    private readonly Option<string?> _batch = NumberOf("--batch", $"Signals a call while as many as possible are written. Default: {Defaults.Batch:N0}.");

    private readonly Option<string?> _signals = NumberOf(
        "--signals", $"The most signals that are written so, for each stands in nine logs in memory. Default: {Defaults.SignalsMax:N0}.");

    private readonly Option<string?> _directory = new("--directory")
    {
        HelpName = "PATH",
        Description = "Where logs in files are written: on the disk to be measured. What is made there is deleted afterwards. Default: a temporary directory.",
    };

    private readonly Option<string?> _seed = NumberOf("--seed", "The seed of every random choice. Default: 1.");

    private readonly Option<bool> _json = new("--json") { Description = "Writes the report as one JSON object, and nothing else." };

    /// <summary>Makes the command.</summary>
    public BenchCommand()
        : base("bench", "Measures the engine on this machine: a cluster of three regions in this process and in real time, and one shard by itself.")
    {
        foreach (var option in (Option[])[_only, _quick, _seconds, _items, _clusterItems, _rate, _batch, _signals, _directory, _seed, _json])
            Add(option);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="line">The command line, without errors.</param>
    /// <exception cref="OptionException">An option cannot be taken.</exception>
    public BenchOptions Read(ParseResult line)
    {
        var defaults = line.GetValue(_quick) ? Defaults.Quick() : Defaults;
        return defaults with
        {
            Phases = line.GetValue(_only) is { } only ? ReadPhases(only) : BenchPhases.All,
            Seconds = line.GetValue(_seconds) is { } seconds ? OptionNumber.Read("--seconds", "seconds", seconds, 1, 3_600) : defaults.Seconds,
            Items = ReadOr(line, _items, "items", defaults.Items, 10_000_000),
            ClusterItems = ReadOr(line, _clusterItems, "items", defaults.ClusterItems, 10_000_000),
            Rate = ReadOr(line, _rate, "signals a second", defaults.Rate, 10_000_000),
            Batch = ReadOr(line, _batch, "signals a call", defaults.Batch, 4_096),
            SignalsMax = ReadOr(line, _signals, "signals", defaults.SignalsMax, 1_000_000_000),
            Directory = ReadDirectory(line.GetValue(_directory)),
            Seed = OptionNumber.ReadSeed("--seed", line.GetValue(_seed) ?? "1"),
            Json = line.GetValue(_json),
        };
    }

    private static Option<string?> NumberOf(string name, string description) => new(name) { HelpName = "N", Description = description };

    private static int ReadOr(ParseResult line, Option<string?> option, string what, int otherwise, int most) =>
        line.GetValue(option) is { } text ? OptionNumber.Read(option.Name, what, text, 1, most) : otherwise;

    private static string? ReadDirectory(string? path) => path is null || Directory.Exists(path)
        ? path
        : throw new OptionException("--directory", $"there is no directory {Printable.Quote(path)}", "one that exists");

    private static BenchPhases ReadPhases(string text)
    {
        var phases = BenchPhases.None;
        var start = 0;
        foreach (var part in text.Split(','))
        {
            phases |= PhaseOf(text, start, part);
            start += part.Length + 1;
        }

        return phases;
    }

    private static BenchPhases PhaseOf(string text, int start, string part)
    {
        var name = part.Trim();
        foreach (var (known, phase) in Phases)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return phase;
        }

        var problem = name.Length == 0 ? "there is no phase here" : $"there is no phase {Printable.Quote(name)}";
        var position = start + part.Length - part.TrimStart().Length;
        throw new OptionException(OnlyOption, new QueryLocation(text, position), problem, Wording.AnyOf([.. Phases.Select(known => known.Name)]));
    }
}
