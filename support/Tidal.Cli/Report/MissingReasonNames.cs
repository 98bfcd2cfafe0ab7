using Tidal.Query;

namespace Tidal.Cli;

/// <summary>How reports name the reasons for which a shard's part of an answer is missing: each by its own name, every one of them.</summary>
internal static class MissingReasonNames
{
    /// <summary>In words, for people.</summary>
    public static string Words(this MissingReason reason) => Of(reason).Words;

    /// <summary>As a value in JSON.</summary>
    public static string Key(this MissingReason reason) => Of(reason).Key;

    private static (string Words, string Key) Of(MissingReason reason) => reason switch
    {
        MissingReason.NoAnswer => ("no answer", "noAnswer"),
        MissingReason.NoPrimary => ("no primary", "noPrimary"),
        MissingReason.Hides => ("hides not told", "hides"),
        MissingReason.BehindSession => ("behind the session", "behindSession"),
        MissingReason.Moved => ("the tenant moved", "moved"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "This reason has no name."),
    };
}
