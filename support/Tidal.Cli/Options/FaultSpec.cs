namespace Tidal.Cli;

/// <summary>A fault that is to strike during the replay, as the option <c>--fault</c> describes it. Immutable.</summary>
/// <param name="Text">The option's text.</param>
/// <param name="Region">The region that it strikes: one of the replay's.</param>
/// <param name="From">When it strikes, since midnight UTC.</param>
internal abstract record FaultSpec(string Text, string Region, TimeSpan From)
{
    /// <summary>The option.</summary>
    public const string Option = "--fault";

    private const string Forms = "partition REGION HH:MM-HH:MM or crash REGION/SHARD HH:MM";

    /// <summary>What strikes where no fault is named and they are not turned off.</summary>
    public static readonly IReadOnlyList<FaultSpec> Defaults =
        [Parse("partition ap-south 10:00-14:00"), Parse("crash us-east/2 12:00")];

    /// <summary>Where <see cref="From"/> stands in the text, for errors.</summary>
    protected int FromPosition { get; private init; }

    /// <summary>Reads a fault.</summary>
    /// <param name="text">The option's text.</param>
    /// <exception cref="OptionException">It is none; the error shows where.</exception>
    public static FaultSpec Parse(string text)
    {
        var scanner = new SpecScanner(Option, text);
        var start = scanner.Position;
        var kind = scanner.Take();
        return kind.ToUpperInvariant() switch
        {
            "PARTITION" => ParsePartition(scanner, text),
            "CRASH" => ParseCrash(scanner, text),
            "" => throw scanner.Fault(start, "there is no fault here", Forms),
            _ => throw scanner.Fault(start, $"there is no fault {Printable.Quote(kind)}", Forms),
        };
    }

    /// <summary>Checks that the fault strikes while there is something to strike.</summary>
    /// <param name="first">The time of the first row, since midnight.</param>
    /// <param name="last">The time of the last row, since midnight.</param>
    public abstract bool Strikes(TimeSpan first, TimeSpan last);

    /// <summary>The error for a fault that does not.</summary>
    /// <param name="day">The plan whose rows it misses.</param>
    public OptionException Misses(ReplayPlan day) => new SpecScanner(Option, Text).Fault(
        FromPosition, "no row is played at that time", $"a time while there are rows, {day.RowTimes}");

    private static PartitionSpec ParsePartition(SpecScanner scanner, string text)
    {
        var region = scanner.TakeRegion();
        var fromPosition = scanner.Position;
        var from = scanner.TakeTime();
        if (!scanner.TryTake("-"))
            throw scanner.Fault(scanner.Position, "a partition needs an end", "- and the time of its end, like -14:00");
        var toPosition = scanner.Position;
        var to = scanner.TakeTime();
        if (to <= from)
            throw scanner.Fault(toPosition, "the partition ends before it begins", $"a time later than {from:hh\\:mm\\:ss}");
        scanner.End();
        return new PartitionSpec(text, region, from, to) { FromPosition = fromPosition };
    }

    private static CrashSpec ParseCrash(SpecScanner scanner, string text)
    {
        var region = scanner.TakeRegion();
        var shards = ReplayCluster.Topology.ShardCount;
        if (!scanner.TryTake("/"))
            throw scanner.Fault(scanner.Position, "a crash needs a shard", $"/ and a shard from 0 to {shards - 1}, like {region}/2");
        var shardPosition = scanner.Position;
        var word = scanner.Take();
        if (!int.TryParse(word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var shard) || shard >= shards)
            throw scanner.Fault(shardPosition, word.Length == 0 ? "there is no shard here" : $"there is no shard {Printable.Quote(word)}", $"a shard from 0 to {shards - 1}");
        var fromPosition = scanner.Position;
        var at = scanner.TakeTime();
        scanner.End();
        return new CrashSpec(text, region, shard, at) { FromPosition = fromPosition };
    }
}

/// <summary>A region is cut off from every other one, both ways. Immutable.</summary>
/// <param name="Text">The option's text.</param>
/// <param name="Region">The region.</param>
/// <param name="From">When it begins, since midnight UTC.</param>
/// <param name="To">When it ends, since midnight UTC; later than it begins.</param>
internal sealed record PartitionSpec(string Text, string Region, TimeSpan From, TimeSpan To) : FaultSpec(Text, Region, From)
{
    /// <inheritdoc/>
    public override bool Strikes(TimeSpan first, TimeSpan last) => From <= last && To > first;
}

/// <summary>
/// The primary of a shard crashes while a write to it is unanswered, and comes back with its disk after
/// <see cref="ReplayCluster.CrashDuration"/>. Immutable.
/// </summary>
/// <param name="Text">The option's text.</param>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="From">When it crashes at the earliest, since midnight UTC.</param>
internal sealed record CrashSpec(string Text, string Region, int Shard, TimeSpan From) : FaultSpec(Text, Region, From)
{
    /// <inheritdoc/>
    public override bool Strikes(TimeSpan first, TimeSpan last) => From >= TruncateToSecond(first) && From <= last;

    // Times are given to the second; the first row's own second counts.
    private static TimeSpan TruncateToSecond(TimeSpan time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond);
}
