using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Tests.Crdt;

/// <summary>
/// The laws of merging, the same for every type: it commutes, associates, repeats harmlessly, changes neither copy, never
/// loses what either knew, and comes to the same when copies are delivered in any order and more than once.
/// </summary>
internal static class MergeLaws
{
    /// <summary>Checks the laws on random copies.</summary>
    /// <param name="copies">At least three copies of one thing, as they may stand in the world together.</param>
    /// <param name="knows">Whether the first knows all that the second does; said without the help of merging.</param>
    /// <param name="cases">How many families of copies to try.</param>
    public static void Hold<T>(Func<DeterministicRandom, IReadOnlyList<T>> copies, Func<T, T, bool> knows, int cases = 300)
        where T : ICrdt<T> =>
        SeededProperty.HoldsFor(
            random =>
            {
                var family = copies(random);
                var before = family.Select(Digest).ToList();
                Algebra(family[0], family[1], family[2]);
                Monotone(family, knows);
                Delivery(family, random);
                family.Select(Digest).Should().Equal(before, "merging changes neither copy");
            },
            cases);

    /// <summary>The digest of a state: what equality means for a type that has no other.</summary>
    public static string Digest<T>(T state)
        where T : ICrdt<T>
    {
        using var digest = new StateDigest();
        state.AddTo(digest);
        return digest.Finish();
    }

    private static void Algebra<T>(T a, T b, T c)
        where T : ICrdt<T>
    {
        Digest(a.Merge(b)).Should().Be(Digest(b.Merge(a)), "merging commutes");
        Digest(a.Merge(b).Merge(c)).Should().Be(Digest(a.Merge(b.Merge(c))), "merging associates");
        Digest(a.Merge(a)).Should().Be(Digest(a), "a copy adds nothing to itself");
        Digest(a.Merge(b).Merge(b)).Should().Be(Digest(a.Merge(b)), "a copy adds nothing the second time");
    }

    private static void Monotone<T>(IReadOnlyList<T> family, Func<T, T, bool> knows)
        where T : ICrdt<T>
    {
        var merged = family[0];
        for (var next = 1; next < family.Count; next++)
        {
            var before = merged;
            merged = merged.Merge(family[next]);
            (knows(merged, before) && knows(merged, family[next])).Should().BeTrue("merging loses nothing that either copy knew");
        }
    }

    private static void Delivery<T>(IReadOnlyList<T> family, DeterministicRandom random)
        where T : ICrdt<T>
    {
        var delivered = family.Concat(family.Where(_ => random.Chance(0.7))).OrderBy(_ => random.NextDouble()).ToList();
        Digest(delivered.Aggregate((one, other) => one.Merge(other)))
            .Should().Be(Digest(family.Aggregate((one, other) => one.Merge(other))), "duplicates and order do not show");
    }
}
