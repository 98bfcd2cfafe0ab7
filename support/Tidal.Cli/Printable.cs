using System.Globalization;
using System.Text;

namespace Tidal.Cli;

/// <summary>Makes text from outside safe to print: nothing in it can move a cursor, end a line or turn the line around.</summary>
internal static class Printable
{
    private const int QuotedLength = 40;
    private const char Unshowable = '\uFFFD';

    /// <summary>The text with blanks for white space and U+FFFD for what would upset a terminal.</summary>
    /// <param name="text">Any text.</param>
    public static string Text(string text)
    {
        if (text.All(char.IsAsciiLetterOrDigit))
            return text;
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            shown.Append(Shown(rune));
        return shown.ToString();
    }

    /// <summary>The text between quotation marks, cut if it is long.</summary>
    /// <param name="text">Any text.</param>
    public static string Quote(string text)
    {
        if (text.Length <= QuotedLength)
            return $"'{Text(text)}'";
        var cut = char.IsLowSurrogate(text[QuotedLength]) ? QuotedLength - 1 : QuotedLength;
        return $"'{Text(text[..cut])}…'";
    }

    // Joiners (U+200C, U+200D) are part of how Persian and emoji are written; marks of direction are not part of a title.
    private static string Shown(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
            return " ";
        var upsets = Rune.IsControl(rune) || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069
            || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Surrogate;
        return upsets ? Unshowable.ToString() : rune.ToString();
    }
}
