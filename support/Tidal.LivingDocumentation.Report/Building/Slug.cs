using System.Security.Cryptography;
using System.Text;

namespace Tidal.LivingDocumentation.Report.Building;

/// <summary>
/// Makes ids for links from titles: small letters, digits and single hyphens, the same in every run and safe in any address. Where a title
/// cannot be told by that alone, a digest of it is added: it has other letters, is long, or two of them come to the same. Stateless.
/// </summary>
internal static class Slug
{
    private const int LengthMax = 60;

    /// <summary>Ids for names that stand beside each other: a different one for each, in their order.</summary>
    /// <param name="names">The names; equal ones are told apart by which of them comes first.</param>
    public static IReadOnlyList<string> Each(IEnumerable<string> names)
    {
        string[] all = [.. names];
        var shared = all.Distinct().GroupBy(Plain).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var seen = new Dictionary<string, int>();
        return [.. all.Select(name =>
        {
            var id = Of(name, shared);
            var before = seen.GetValueOrDefault(name);
            seen[name] = before + 1;
            return before == 0 ? id : $"{id}_{before + 1}";
        })];
    }

    private static string Of(string name, HashSet<string> shared)
    {
        var plain = Plain(name);
        // Punctuation and case are not missed; letters of other scripts, pictures and what is cut off are.
        if (plain.Length is > 0 and <= LengthMax && !shared.Contains(plain) && name.All(char.IsAscii))
            return plain;
        // No title makes an underscore, so none makes this.
        return $"{plain[..Math.Min(plain.Length, LengthMax)].TrimEnd('-')}_{Digest(name)}";
    }

    private static string Plain(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(char.ToLowerInvariant(letter));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }

    private static string Digest(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
}
