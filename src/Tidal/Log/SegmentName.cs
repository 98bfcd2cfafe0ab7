using System.Globalization;
using Tidal.Schema;

namespace Tidal.Log;

/// <summary>
/// A segment file's name: region, shard and the index of its first envelope, as in <c>r001-s0005-00000000000000000042.log</c>
/// (three, four and twenty digits at least), so that a directory listing says what a file holds. Immutable.
/// </summary>
/// <param name="Region">The region.</param>
/// <param name="Shard">The shard.</param>
/// <param name="FirstIndex">The index of the first envelope, from 1.</param>
public readonly record struct SegmentName(RegionId Region, ShardId Shard, ulong FirstIndex)
{
    /// <summary>What every segment's name ends in, and no other file's.</summary>
    public const string Extension = ".log";

    /// <summary>Reads a name.</summary>
    /// <param name="text">The file's name, without a directory.</param>
    /// <exception cref="LogFormatException">It is no segment's name.</exception>
    public static SegmentName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new LogFormatException($"the file name '{text}'", 0, "a name such as r001-s0005-00000000000000000042.log");

    /// <summary>Reads a name, if it is one; only what <see cref="ToString"/> writes is.</summary>
    /// <param name="text">The file's name, without a directory.</param>
    /// <param name="name">The name, when the answer is true.</param>
    public static bool TryParse(string text, out SegmentName name)
    {
        ArgumentNullException.ThrowIfNull(text);
        name = default;
        if (!text.EndsWith(Extension, StringComparison.Ordinal))
            return false;
        var parts = text[..^Extension.Length].Split('-', 4);
        if (parts.Length != 3 || !TryParse(parts[0], 'r', out var region) || !TryParse(parts[1], 's', out var shard)
            || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var firstIndex) || firstIndex == 0)
            return false;
        name = new SegmentName(new RegionId(region), new ShardId(shard), firstIndex);
        return name.ToString() == text;
    }

    /// <summary>The file's name.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"r{Region.Ordinal:D3}-s{Shard.Number:D4}-{FirstIndex:D20}{Extension}");

    private static bool TryParse(string part, char letter, out ushort number)
    {
        number = 0;
        return part.StartsWith(letter) && ushort.TryParse(part.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
