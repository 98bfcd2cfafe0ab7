using FsCheck;
using FsCheck.Fluent;
using Tidal.Schema;

namespace Tidal.Tests;

/// <summary>Checks a property with a seed that a failure prints, so that <c>TIDAL_SEED</c> replays it.</summary>
internal static class SeededProperty
{
    /// <summary>Checks a property that makes its own values from a seeded generator.</summary>
    public static void HoldsFor(Action<DeterministicRandom> property, int cases = 300) =>
        Holds(Gen.Choose(0, int.MaxValue), seed => property(new DeterministicRandom((ulong)seed)), cases);

    public static void Holds<T>(Gen<T> values, Action<T> property, int cases = 300) =>
        Holds(values, property, cases, Environment.GetEnvironmentVariable("TIDAL_SEED"));

    public static void Holds<T>(Gen<T> values, Action<T> property, int cases, string? replayed)
    {
        var seed = replayed is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(replayed);
        // The second half of a seed must be odd.
        var replay = new Replay(new Rnd(seed, 2 * seed + 1), null);
        var configuration = Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(replay).WithQuietOnSuccess(true);
        try
        {
            Check.One(configuration, Prop.ForAll(values.ToArbitrary(), property));
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"Replay with TIDAL_SEED={seed}.\n{failure.Message}", failure);
        }
    }
}
