using System.CommandLine;

namespace Tidal.Cli;

/// <summary>The command <c>tidal replay</c>: its options, and what they mean.</summary>
internal sealed class ReplayCommand : Command
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The signals of one day, .csv or .csv.gz. Default: wikipedia-2015-09-12.csv.gz, which comes with the program.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _faults = new(FaultSpec.Option)
    {
        HelpName = "FAULT",
        Description = """
            "partition REGION HH:MM-HH:MM" cuts a region off; "crash REGION/SHARD HH:MM" crashes the primary of a shard. Times are UTC, HH:MM or HH:MM:SS. Repeatable; replaces the default pair, "partition ap-south 10:00-14:00" and "crash us-east/2 12:00".
            """,
    };

    private readonly Option<bool> _noFaults = new("--no-faults") { Description = "Plays the day without a fault." };

    private readonly Option<string[]> _queries = new(QuerySpec.Option)
    {
        HelpName = "QUERY",
        Description = """
            "[HH:MM[:SS]] [REGION] RETRIEVE items ..." asks there and then. Without a time: at the end; without a region: in us-east. Repeatable.
            """,
    };

    private readonly Option<string[]> _migrations = new(MigrationSpec.Option)
    {
        HelpName = "MIGRATION",
        Description = """
            "HH:MM[:SS] wiki:EDITION REGION->REGION", like "12:00 wiki:vi ap-south->eu-west": each language edition becomes a tenant, and this one, which is in the first region only, moves to the second then. The others are in all regions; what is asked for is merged from the tenants' answers. Repeatable.
            """,
    };

    private readonly Option<string?> _halfLife = new(HalfLife.Option)
    {
        HelpName = "TIME",
        Description = "After how long a signal counts half: 6h, 90m, 45s or 1d. Default: 6h.",
    };

    private readonly Option<string?> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "The seed of every random choice: the same seed plays the same run. Default: 1.",
    };

    private readonly Option<string?> _duplicateEvery = new("--duplicate-every")
    {
        HelpName = "N",
        Description = "Every Nth signal is sent twice, the second time to another region, as a client does that missed the answer. Default: none.",
    };

    private readonly Option<string?> _hides = new("--hides")
    {
        HelpName = "N",
        Description = "N users hide an item right after their edit of it, and some undo that; each asks for items every hour and at every fault, and what is hidden must not be listed. Default: none.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Writes the report as one JSON object, and nothing else." };

    /// <summary>Makes the command.</summary>
    public ReplayCommand()
        : base("replay", "Plays a day of real signals through a simulated cluster of three regions, and audits it.")
    {
        Add(_file);
        Add(_faults);
        Add(_noFaults);
        Add(_queries);
        Add(_migrations);
        Add(_halfLife);
        Add(_seed);
        Add(_duplicateEvery);
        Add(_hides);
        Add(_json);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="line">The command line, without errors.</param>
    /// <exception cref="OptionException">An option cannot be taken.</exception>
    public ReplayOptions Read(ParseResult line)
    {
        var file = line.GetValue(_file) ?? SignalDay.DefaultFile;
        // Nobody names a file so; somebody who misspells an option should hear of the option.
        if (file.StartsWith('-'))
            throw new OptionException(file, "there is no such option", "one of those that 'tidal replay --help' lists");
        var faults = line.GetValue(_faults) ?? [];
        var noFaults = line.GetValue(_noFaults);
        if (noFaults && faults.Length > 0)
            throw new OptionException("--no-faults", $"it contradicts {FaultSpec.Option}", "one of the two");
        return new ReplayOptions(
            file,
            line.GetValue(_halfLife) is { } halfLife ? HalfLife.Parse(halfLife) : ReplayCluster.DefaultHalfLife,
            OptionNumber.ReadSeed("--seed", line.GetValue(_seed) ?? "1"),
            noFaults ? [] : faults.Length == 0 ? FaultSpec.Defaults : [.. faults.Select(FaultSpec.Parse)],
            HasDefaultFaults: faults.Length == 0,
            [.. (line.GetValue(_queries) ?? []).Select(QuerySpec.Parse)],
            [.. (line.GetValue(_migrations) ?? []).Select(MigrationSpec.Parse)],
            line.GetValue(_duplicateEvery) is { } every ? OptionNumber.Read("--duplicate-every", "signals", every) : 0,
            line.GetValue(_hides) is { } hides ? OptionNumber.Read("--hides", "hides", hides) : 0,
            line.GetValue(_json));
    }
}
