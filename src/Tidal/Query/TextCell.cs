using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tidal.Query;

/// <summary>
/// One text element (what a reader takes for one character) of a line, and how many columns of a terminal it fills:
/// without it a caret under <c>東京</c> would stand too far to the left.
/// </summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length, in UTF-16 units.</param>
/// <param name="Width">The columns it fills: 0, 1 or 2.</param>
internal readonly record struct TextCell(int Start, int Length, int Width)
{
    // A base with a heap of marks is one element of any length; no script needs more than this.
    private const int LongestShown = 16;
    private const char Unshowable = '\uFFFD';
    private const char EmojiStyle = '\uFE0F';

    // Unicode 14, East Asian Width W and F; unassigned code points between two ranges are counted in.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
        (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA),
        (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B),
        (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797),
        (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x303E),
        (0x3041, 0x3247), (0x3250, 0x4DBF), (0x4E00, 0xA4C6), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
        (0xFE10, 0xFE19), (0xFE30, 0xFE6B), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x1B2FB), (0x1F004, 0x1F004),
        (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F200, 0x1F320), (0x1F32D, 0x1F335),
        (0x1F337, 0x1F37C), (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA), (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0),
        (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440), (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D),
        (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A), (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4),
        (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6DF),
        (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945),
        (0x1F947, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Where it ends, in UTF-16 units.</summary>
    public int End => Start + Length;

    /// <summary>The text elements of a piece of text, found one by one.</summary>
    public static IEnumerable<TextCell> Of(string text, int start, int end)
    {
        while (start < end)
        {
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(start, end - start));
            yield return new TextCell(start, length, WidthOf(text.AsSpan(start, length)));
            start += length;
        }
    }

    /// <summary>What stands for it on a terminal: itself, a blank for white space, U+FFFD for what would upset the line.</summary>
    public string Shown(string text)
    {
        var element = text.AsSpan(Start, Length);
        if (char.IsWhiteSpace(element[0]))
            return " ";
        return IsShowable(element) ? element.ToString() : Unshowable.ToString();
    }

    private static int WidthOf(ReadOnlySpan<char> element)
    {
        if (element.Length == 1 && element[0] < '\u0300')
            return 1;
        if (char.IsWhiteSpace(element[0]) || !IsShowable(element))
            return 1;
        Rune.DecodeFromUtf16(element, out var first, out var firstLength);
        if (IsWide(first.Value) || element.Contains(EmojiStyle))
            return 2;
        var isFlag = first.Value is >= 0x1F1E6 and <= 0x1F1FF && element.Length > firstLength;
        return isFlag ? 2 : IsMark(first) ? 0 : 1;
    }

    private static bool IsShowable(ReadOnlySpan<char> element) =>
        element.Length <= LongestShown
        && Rune.DecodeFromUtf16(element, out var first, out _) == OperationStatus.Done
        && Rune.GetUnicodeCategory(first) is not (UnicodeCategory.Control or UnicodeCategory.Format);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static bool IsWide(int codePoint)
    {
        foreach (var (first, last) in Wide)
        {
            if (codePoint <= last)
                return codePoint >= first;
        }

        return false;
    }
}
