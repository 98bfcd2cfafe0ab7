using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Testing.Drivers;
using Tidal.Testing.Faults;

namespace TidalBdd.Steps;

/// <summary>A region, by its name.</summary>
public sealed record RegionName(string Name)
{
    public override string ToString() => Name;
}

/// <summary>Several regions, by their names.</summary>
public sealed record RegionNames(IReadOnlyList<string> Names);

/// <summary>Some of the replicas of a shard.</summary>
public sealed record ReplicasNamed(bool Primary, int Followers);

/// <summary>How many replicas a shard has, and what is special about them.</summary>
public sealed record ClusterShape(int Replicas, int? LogBytes, ushort? Format);

/// <summary>What becomes of replicas.</summary>
public sealed record CrashSaid(DiskFate Disk);

/// <summary>A region that signals are sent to, and whether what is not acknowledged is sent again.</summary>
public sealed record SentTo(string Region, bool Retries);

/// <summary>How soon signals are acknowledged: within a time, or as fast as those before but for a time; neither for at the first try.</summary>
public sealed record Promptness(TimeSpan? Within = null, TimeSpan? Longer = null);

/// <summary>Why something is refused, and what it says of the problem.</summary>
public sealed record RefusalSaid(RefusalReason Reason, string? Problem = null);

/// <summary>A time of the cluster's first day, or of one before.</summary>
public sealed record TimeText(string Text);

/// <summary>What is kept in copies, and how the driver merges them.</summary>
public sealed record Mergeable(Action<MergeDriver, IEnumerable<IReadOnlyDictionary<string, string>>> Merge);

/// <summary>A count that a user was told; null for none.</summary>
public sealed record CountTold(long? Count);

/// <summary>The words of the features that stand for values.</summary>
[Binding]
public sealed class Vocabulary
{
    [StepArgumentTransformation("(us-east|eu-west|ap-south)", Name = "region")]
    public RegionName Region(string name) => new(name);

    [StepArgumentTransformation("((?:us-east|eu-west|ap-south)(?: and (?:us-east|eu-west|ap-south))*)", Name = "regions")]
    public RegionNames Regions(string names) => new(names.Split(" and "));

    [StepArgumentTransformation("(the primary|a follower|two followers|the primary and a follower|all replicas)", Name = "replicas")]
    public ReplicasNamed Replicas(string words) => words switch
    {
        "the primary" => new(Primary: true, Followers: 0),
        "a follower" => new(Primary: false, Followers: 1),
        "two followers" => new(Primary: false, Followers: 2),
        "the primary and a follower" => new(Primary: true, Followers: 1),
        _ => new(Primary: true, Followers: 2),
    };

    [StepArgumentTransformation(@"(\d+ replicas each(?:, which keeps \d+ kB of log|, whose software reads log format \d+)?)", Name = "shape")]
    public ClusterShape Shape(string words)
    {
        var numbers = words.Split(' ').Where(word => int.TryParse(word, out _)).Select(int.Parse).ToArray();
        var (bytes, format) = (words.Contains("kB"), words.Contains("format"));
        return new(numbers[0], bytes ? numbers[1] * 1000 : null, format ? (ushort)numbers[1] : null);
    }

    [StepArgumentTransformation("((?:has|have) crashed(?: and lost its disk)?|crash(?:es)?)", Name = "crash")]
    public CrashSaid Crash(string words) => new(words.EndsWith("disk") ? DiskFate.Lost : DiskFate.Kept);

    [StepArgumentTransformation("((?:us-east|eu-west|ap-south)(?:, retrying what (?:is|was) not acknowledged)?)", Name = "sentTo")]
    public SentTo Sent(string words) => new(words.Split(',')[0], Retries: words.Contains(','));

    [StepArgumentTransformation(@"(at the first try|within \d+ seconds|as fast as those before, to \d+ milliseconds)", Name = "promptness")]
    public Promptness Prompt(string words)
    {
        var number = words.Split(' ').Where(word => int.TryParse(word, out _)).Select(int.Parse).FirstOrDefault();
        return words.StartsWith("within") ? new(Within: TimeSpan.FromSeconds(number))
            : words.StartsWith("as fast") ? new(Longer: TimeSpan.FromMilliseconds(number)) : new();
    }

    [StepArgumentTransformation("(has reached the primary|is on two disks|is on the disk of the primary alone)", Name = "reach")]
    public SignalReach Reach(string words) => words switch
    {
        "has reached the primary" => SignalReach.Primary,
        "is on two disks" => SignalReach.TwoDisks,
        _ => SignalReach.PrimaryAlone,
    };

    [StepArgumentTransformation("(an attribute|a hard negative|a signal's counts)", Name = "mergeable")]
    public Mergeable Thing(string words) => words switch
    {
        "an attribute" => new((driver, copies) => driver.MergeAttributes(copies)),
        "a hard negative" => new((driver, copies) => driver.MergeHardNegatives(copies)),
        _ => new((driver, copies) => driver.MergeSignals(copies)),
    };

    [StepArgumentTransformation(
        "((?:has )?(?:hid(?:es|den)|mute[sd]|block(?:s|ed)|und(?:oes|one) the (?:hide|mute|block) of)(?: the creator)?)", Name = "hiding")]
    public HideSaid Hiding(string words) => new(
        words.Contains("mute") ? NegativeKind.Mute : words.Contains("block") ? NegativeKind.Block : NegativeKind.Hide,
        words.EndsWith("the creator") ? TargetKind.Creator : TargetKind.Item,
        IsUndo: words.Contains("und"));

    [StepArgumentTransformation("(wait|be refused)", Name = "patience")]
    public BehindSession Patience(string words) => words == "wait" ? BehindSession.Wait : BehindSession.Refuse;

    [StepArgumentTransformation(@"(\d+|nothing)", Name = "count")]
    public CountTold Told(string words) => new(words == "nothing" ? null : long.Parse(words));

    [StepArgumentTransformation("(no answer|the hides|the session)", Name = "reason")]
    public MissingReason Reason(string words) => words switch
    {
        "the hides" => MissingReason.Hides,
        "the session" => MissingReason.BehindSession,
        _ => MissingReason.NoAnswer,
    };

    [StepArgumentTransformation("(there are not enough replicas|the shard is recovering|its session has ended|its session is another tenant's|the shard of the user does not answer|the region does not know what is taken back|it happens more than 5 minutes ahead)", Name = "refusal")]
    public RefusalSaid Refusal(string words) => words switch
    {
        "there are not enough replicas" => new(RefusalReason.NotEnoughReplicas),
        "the shard is recovering" => new(RefusalReason.Recovering),
        "its session has ended" => new(RefusalReason.SessionEnded),
        "the shard of the user does not answer" => new(RefusalReason.CohortUnavailable),
        "its session is another tenant's" => new(RefusalReason.SessionOfAnotherTenant),
        "it happens more than 5 minutes ahead" => new(RefusalReason.Invalid, "00:05:00 from now"),
        _ => new(RefusalReason.UnknownOperation),
    };

    [StepArgumentTransformation("(the new region prepares|all regions take writes|the old region closes|the old region erases)", Name = "step")]
    public MigrationStep Step(string words) => words switch
    {
        "the new region prepares" => MigrationStep.PreparingTarget,
        "all regions take writes" => MigrationStep.DualWrite,
        "the old region closes" => MigrationStep.Finalizing,
        _ => MigrationStep.Complete,
    };

    [StepArgumentTransformation("(hands over|is stopped|comes level)", Name = "upgrading")]
    public UpgradeStep Upgrading(string words) => words switch
    {
        "hands over" => UpgradeStep.Draining,
        "is stopped" => UpgradeStep.Upgrading,
        _ => UpgradeStep.Rejoining,
    };

    [StepArgumentTransformation(@"(\d\d:\d\d:\d\d)", Name = "time")]
    public TimeText Time(string text) => new(text);

    [StepArgumentTransformation]
    public IReadOnlyList<SignalsSent> Signals(DataTable table) => [.. table.Rows.Select(row => new SignalsSent(
        row["region"], row["user"], row["signal"], row["item"], int.Parse(row["number"]), row["happened at"]))];
}
