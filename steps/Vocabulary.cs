using System.Globalization;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Testing.Drivers;

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

/// <summary>Those of the crashed replicas that come back: all, or the followers.</summary>
public sealed record CrashedNamed(bool FollowersAlone);

/// <summary>All shards, so many, or that of an item.</summary>
public sealed record ShardsNamed(int? All, string? Item);

/// <summary>Whom regions do not hear, and how the driver cuts them off.</summary>
public sealed record Others(Action<ClusterDriver, IReadOnlyList<string>> CutOff);

/// <summary>A part of the cluster that is more than a replica, and how the driver crashes it for a time.</summary>
public sealed record PartNamed(Action<ClusterDriver, TimeSpan> Crash);

/// <summary>A stage of a move or of an upgrade.</summary>
public sealed record Stage(Func<ClusterDriver, bool> IsReached);

/// <summary>All nodes, or one of a region, and how the driver starts them with software that reads a log format.</summary>
public sealed record NodesNamed(Action<ClusterDriver, ushort> Start);

/// <summary>Something that a user wrote last, and how the driver sends it again.</summary>
public sealed record WrittenLast(Action<ClusterDriver, IReadOnlyList<string>> SendAgain);

/// <summary>How far a signal has come that nobody was told about, and how the driver brings it there.</summary>
public sealed record Midway(Action<ClusterDriver, SignalsSent> Bring);

/// <summary>What became of a write; null and empty for whatever it may be.</summary>
public sealed record Fate(WriteOutcomeKind Outcome, RefusalReason? Refusal = null, UnknownReason? Unknown = null, string Problem = "")
{
    public static Fate Refused(RefusalReason reason, string problem = "") => new(WriteOutcomeKind.Refused, reason, Problem: problem);
}

/// <summary>A region that signals are sent to, and whether what is not acknowledged is sent again.</summary>
public sealed record SentTo(string Region, bool Retries);

/// <summary>How soon signals are acknowledged: within a time, or as fast as those before but for a time; neither for at the first try.</summary>
public sealed record Promptness(TimeSpan? Within = null, TimeSpan? Longer = null);

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
    private static readonly Dictionary<string, Stage> Stages = new()
    {
        ["the new region prepares"] = new(driver => driver.IsAt(MigrationStep.PreparingTarget)),
        ["all regions take writes"] = new(driver => driver.IsAt(MigrationStep.DualWrite)),
        ["the old region closes"] = new(driver => driver.IsAt(MigrationStep.Finalizing)),
        ["the old region erases"] = new(driver => driver.IsAt(MigrationStep.Complete)),
        ["a node of us-east hands over"] = new(driver => driver.IsAt(UpgradeStep.Draining, "us-east")),
        ["a node of us-east is stopped"] = new(driver => driver.IsAt(UpgradeStep.Upgrading, "us-east")),
        ["a node of us-east comes level"] = new(driver => driver.IsAt(UpgradeStep.Rejoining, "us-east")),
    };

    private static readonly Dictionary<string, Fate> Fates = new()
    {
        ["acknowledged"] = new(WriteOutcomeKind.Acknowledged),
        ["left unanswered"] = new(WriteOutcomeKind.Unknown),
        ["of an outcome that can never be told"] = new(WriteOutcomeKind.Unknown, Unknown: UnknownReason.OutsideWindow),
        ["there are not enough replicas"] = Fate.Refused(RefusalReason.NotEnoughReplicas),
        ["the shard is recovering"] = Fate.Refused(RefusalReason.Recovering),
        ["its session has ended"] = Fate.Refused(RefusalReason.SessionEnded),
        ["its session is another tenant's"] = Fate.Refused(RefusalReason.SessionOfAnotherTenant),
        ["the shard of the user does not answer"] = Fate.Refused(RefusalReason.CohortUnavailable),
        ["the region does not know what is taken back"] = Fate.Refused(RefusalReason.UnknownOperation),
        ["it happens more than 5 minutes ahead"] = Fate.Refused(RefusalReason.Invalid, "00:05:00 from now"),
    };

    [StepArgumentTransformation("(us-east|eu-west|ap-south)", Name = "region")]
    public RegionName Region(string name) => new(name);

    [StepArgumentTransformation("(no region|atlantis|(?:us-east|eu-west|ap-south)(?: and (?:us-east|eu-west|ap-south))*)", Name = "regions")]
    public RegionNames Regions(string names) => new(names == "no region" ? [] : names.Split(" and "));

    [StepArgumentTransformation("(the primary|a follower|two followers|the primary and a follower|all replicas)", Name = "replicas")]
    public ReplicasNamed Replicas(string words) => words switch
    {
        "the primary" => new(Primary: true, Followers: 0),
        "a follower" => new(Primary: false, Followers: 1),
        "two followers" => new(Primary: false, Followers: 2),
        "the primary and a follower" => new(Primary: true, Followers: 1),
        _ => new(Primary: true, Followers: 2),
    };

    [StepArgumentTransformation("((?:us-east|eu-west|ap-south)(?:, retrying what (?:is|was) not acknowledged)?)", Name = "sentTo")]
    public SentTo Sent(string words) => new(words.Split(',')[0], Retries: words.Contains(','));

    [StepArgumentTransformation(@"(at the first try|within \d+ seconds|as fast as those before, to \d+ milliseconds)", Name = "promptness")]
    public Promptness Prompt(string words)
    {
        var number = words.Split(' ').Where(word => int.TryParse(word, out _)).Select(int.Parse).FirstOrDefault();
        return words.StartsWith("within") ? new(Within: TimeSpan.FromSeconds(number))
            : words.StartsWith("as fast") ? new(Longer: TimeSpan.FromMilliseconds(number)) : new();
    }

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

    [StepArgumentTransformation(
        "(acknowledged|left unanswered|of an outcome that can never be told|refused, because (?:there are not enough replicas|the shard is recovering|"
        + "its session has ended|its session is another tenant's|the shard of the user does not answer|"
        + "the region does not know what is taken back|it happens more than 5 minutes ahead))", Name = "fate")]
    public Fate FateOf(string words) => Fates[words.Replace("refused, because ", "")];

    [StepArgumentTransformation(
        "(has reached the primary|is on two disks and not answered|is on the disk of the primary alone, its followers down|"
        + "is half written when the power of the primary fails)", Name = "midway")]
    public Midway MidwayOf(string words) => words switch
    {
        "has reached the primary" => new((driver, signal) => driver.SendUntil(signal, ClusterDriver.IsOnThePrimary)),
        "is on two disks and not answered" => new((driver, signal) => driver.SendUntil(signal, driver.IsOnAFollower)),
        "is on the disk of the primary alone, its followers down" => new((driver, signal) => driver.SendToPrimaryAlone(signal)),
        _ => new((driver, signal) => driver.CrashPrimaryTearing(signal)),
    };

    [StepArgumentTransformation("(a follower and holds the same log as the new primary|a voter again|a learner without a vote)", Name = "role")]
    public ReplicaRole Role(string words) => words switch
    {
        "a voter again" => ReplicaRole.Voter,
        "a learner without a vote" => ReplicaRole.Learner,
        _ => ReplicaRole.LevelFollower,
    };

    [StepArgumentTransformation("(all nodes|a node of (?:us-east|eu-west|ap-south))", Name = "nodes")]
    public NodesNamed Nodes(string words) => words == "all nodes"
        ? new((driver, format) => driver.Install(format))
        : new((driver, format) => driver.Reinstall(words.Split(' ')[^1], format));

    [StepArgumentTransformation("(the last signal|the last undo)", Name = "written")]
    public WrittenLast Written(string words) => words == "the last undo"
        ? new((driver, regions) => driver.RetryHide(regions.Single()))
        : new((driver, regions) => driver.SendAgain(regions));

    [StepArgumentTransformation("(every other region|each other)", Name = "others")]
    public Others OthersOf(string words) => words == "each other"
        ? new((driver, regions) => driver.Separate(regions))
        : new((driver, regions) => driver.Isolate(regions.Single()));

    [StepArgumentTransformation("(the control plane|everything in (?:us-east|eu-west|ap-south))", Name = "part")]
    public PartNamed Part(string words) => words == "the control plane"
        ? new((driver, after) => driver.CrashControlPlane(after))
        : new((driver, after) => driver.CrashRegion(words.Split(' ')[^1], after));

    [StepArgumentTransformation("(the crashed (?:replica|replicas|followers))", Name = "crashed")]
    public CrashedNamed Crashed(string words) => new(FollowersAlone: words.EndsWith("followers"));

    [StepArgumentTransformation("(all \\d+ shards|the shard of \"[^\"]*\")", Name = "shards")]
    public ShardsNamed Shards(string words) => words.StartsWith("all ")
        ? new(int.Parse(words.Split(' ')[1], CultureInfo.InvariantCulture), Item: null)
        : new(All: null, words.Split('"')[1]);

    [StepArgumentTransformation(
        "(the new region prepares|all regions take writes|the old region closes|the old region erases|a node of us-east (?:hands over|is stopped|comes level))",
        Name = "stage")]
    public Stage StageOf(string words) => Stages[words];

    [StepArgumentTransformation(@"(\d\d:\d\d:\d\d)", Name = "time")]
    public TimeText Time(string text) => new(text);

    [StepArgumentTransformation]
    public IReadOnlyList<SignalsSent> Signals(DataTable table) => [.. table.Rows.SelectMany(row => row["item"].Split(", ").Select(
        item => new SignalsSent(row["region"], row["user"], row["signal"], item, int.Parse(row["number"]), row["happened at"])))];
}
