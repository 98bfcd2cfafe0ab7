using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// Numbers drawn by Zipf's law: the n-th most popular comes up 1/n times as often as the first. Drawn beforehand, so that the
/// load takes no time for it. Immutable and safe to share between threads.
/// </summary>
internal sealed class ZipfDraws
{
    private const int DrawsKept = 1 << 20;

    private readonly int[] _draws = new int[DrawsKept];

    /// <summary>Draws numbers.</summary>
    /// <param name="count">From 0 (included, the most popular) to this (excluded).</param>
    /// <param name="random">Where chance comes from.</param>
    public ZipfDraws(int count, DeterministicRandom random)
    {
        var upTo = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            upTo[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < DrawsKept; i++)
        {
            var found = Array.BinarySearch(upTo, random.NextDouble() * sum);
            _draws[i] = Math.Min(count - 1, found < 0 ? ~found : found);
        }
    }

    /// <summary>A draw; after about a million they repeat.</summary>
    /// <param name="number">Which, from 0.</param>
    public int this[long number] => _draws[number & (DrawsKept - 1)];
}
