using System.Globalization;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

/// <summary>
/// The seed of a scenario: one of its own, the same in every run, so that a failure is there again tomorrow; or the one that
/// the environment names, to replay a failure or to try others.
/// </summary>
public static class ScenarioSeed
{
    /// <summary>The environment variable that names a seed.</summary>
    public const string Variable = "TIDAL_SEED";

    /// <summary>The seed of a scenario.</summary>
    /// <param name="title">The scenario's title.</param>
    /// <exception cref="FormatException">The environment names a seed that is no number.</exception>
    public static ulong For(string title)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(named))
            return EntityHash.Of(TenantId.First, title) % 1_000_000;
        return ulong.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"{Variable} is '{named}'; a whole number was expected.");
    }
}
