using System.Text.RegularExpressions;

namespace Tidal.ReqnrollStandIn.Features;

/// <summary>
/// The C# name that Reqnroll gives to a title. Two titles of one name do not build there, so they are refused here, and
/// the full names of tests are alike on both.
/// </summary>
internal static partial class Identifier
{
    public static string Of(string title)
    {
        title = NextWord().Replace(title, match => match.Value.ToUpperInvariant());
        title = NotInAName().Replace(Punctuation().Replace(title, "_"), "");
        if (title.Length == 0)
            return title;
        title = char.ToUpperInvariant(title[0]) + title[1..];
        return char.IsDigit(title[0]) ? "_" + title : title;
    }

    [GeneratedRegex(@"[^\p{Ll}\p{Lu}'""]['""]*[\p{Ll}\p{Lu}]")]
    private static partial Regex NextWord();

    [GeneratedRegex(@"[\n.-]+")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"[^\p{L}\p{Nl}\p{Nd}\p{Pc}]")]
    private static partial Regex NotInAName();
}
