using System.Text.Json.Serialization;

namespace Tidal.LivingDocumentation.Records;

/// <summary>How a figure is held against its limit.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Comparison>))]
public enum Comparison
{
    /// <summary>There is no limit.</summary>
    None,

    /// <summary>It must be below.</summary>
    Below,

    /// <summary>It must be that or more.</summary>
    AtLeast,

    /// <summary>It must be just that.</summary>
    Exactly,
}

/// <summary>
/// A figure of a scenario, for the first page: figures of one key are brought together over all scenarios, those of
/// <see cref="Comparison.Below"/> and <see cref="Comparison.AtLeast"/> by the worst, the others by their sum. Immutable.
/// </summary>
/// <param name="Key">What brings figures of several scenarios together; see <see cref="FigureKeys"/>.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit, as it is to be read behind a number; empty for a count.</param>
/// <param name="Comparison">How it is held against its limit.</param>
/// <param name="Limit">The limit; without meaning if there is none.</param>
public sealed record Figure(string Key, string Name, double Value, string Unit = "", Comparison Comparison = Comparison.None, double Limit = 0)
{
    /// <summary>Whether the limit is kept; true if there is none.</summary>
    [JsonIgnore]
    public bool IsKept => Comparison switch
    {
        Comparison.Below => Value < Limit,
        Comparison.AtLeast => Value >= Limit,
        Comparison.Exactly => Value == Limit,
        _ => true,
    };
}

/// <summary>The keys of figures that the first page shows.</summary>
public static class FigureKeys
{
    /// <summary>Lag between regions, 99 of 100 signals, in seconds.</summary>
    public const string Lag = "lag";

    /// <summary>What our own code adds to it, 99 of 100 signals, in milliseconds.</summary>
    public const string OwnLag = "own-lag";

    /// <summary>From a primary's crash until its shard has a primary again, in seconds.</summary>
    public const string Failover = "failover";

    /// <summary>From a heal until the regions agree, in seconds.</summary>
    public const string Reconciliation = "reconciliation";

    /// <summary>Signals accepted a second.</summary>
    public const string Rate = "rate";

    /// <summary>Answers that lacked something and did not say so.</summary>
    public const string ShortAnswers = "short-answers";

    /// <summary>Answers that said what they lack while something could not be reached.</summary>
    public const string DegradedAnswers = "degraded-answers";

    /// <summary>Items listed of a region that could not be reached.</summary>
    public const string ItemsOfCutOff = "items-of-cut-off";

    /// <summary>Bytes of a tenant that are left where it has moved away.</summary>
    public const string BytesLeft = "bytes-left";

    /// <summary>Writes accepted.</summary>
    public const string Accepted = "accepted";

    /// <summary>Writes lost.</summary>
    public const string Lost = "lost";

    /// <summary>Writes counted twice, or that nobody made.</summary>
    public const string CountedTwice = "counted-twice";

    /// <summary>Hidden items that were shown.</summary>
    public const string Leaks = "leaks";

    /// <summary>The largest error of a decay score.</summary>
    public const string ScoreError = "score-error";

    /// <summary>What differs from the ground truth: counts, scores and digests.</summary>
    public const string TruthDifferences = "truth-differences";

    /// <summary>Invariants broken while the scenario ran.</summary>
    public const string Violations = "violations";
}
