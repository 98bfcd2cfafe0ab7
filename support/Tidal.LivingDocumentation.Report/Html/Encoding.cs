using System.Text;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Text as it may stand in an element or in a quoted attribute, whatever it holds.</summary>
internal static class Encoding
{
    private const char Replacement = '�';

    /// <summary>Writes a text, encoded.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="text">The text.</param>
    public static void Write(TextWriter to, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var harmless = 0;
            while (harmless < text.Length && IsHarmless(text[harmless]))
                harmless++;
            to.Write(text[..harmless]);
            text = text[harmless..];
            if (!text.IsEmpty)
                text = text[WriteOne(to, text)..];
        }
    }

    private static bool IsHarmless(char character) =>
        character is not ('&' or '<' or '>' or '"' or '\'' or '\u007f') && (character >= ' ' || character is '\n' or '\t') && !char.IsSurrogate(character);

    /// <summary>Writes what begins a text, and says how many characters that were. What HTML does not allow, and half a character, is replaced.</summary>
    private static int WriteOne(TextWriter to, ReadOnlySpan<char> text)
    {
        switch (text[0])
        {
            case '&': to.Write("&amp;"); return 1;
            case '<': to.Write("&lt;"); return 1;
            case '>': to.Write("&gt;"); return 1;
            case '"': to.Write("&quot;"); return 1;
            case '\'': to.Write("&#39;"); return 1;
            case '\r': return 1;
        }
        var whole = Rune.DecodeFromUtf16(text, out _, out var length) == System.Buffers.OperationStatus.Done && length == 2;
        if (whole)
            to.Write(text[..2]);
        else
            to.Write(Replacement);
        return length;
    }
}
