using System.Globalization;
using System.Text;

namespace Tidal.Query;

/// <summary>
/// Cuts the text of a query into tokens, one at a time, as the parser asks for them: so the first fault in the text is the
/// one that is reported, and a text of 65,536 brackets never becomes a list of as many tokens.
/// </summary>
/// <param name="text">The text.</param>
internal sealed class QueryLexer(string text)
{
    private int _position;
    private int _lastEnd;

    /// <summary>True for a string that can be written without quotation marks.</summary>
    public static bool IsBareWord(string value) => value.Length > 0 && WordEnd(value, 0) == value.Length;

    /// <summary>The token at or after a position.</summary>
    /// <exception cref="QuerySyntaxException">A string is not well formed.</exception>
    public QueryToken ReadAt(int position)
    {
        _position = position;
        return Read();
    }

    /// <summary>The next token; again and again the end, when there is no other.</summary>
    /// <exception cref="QuerySyntaxException">A string is not well formed.</exception>
    public QueryToken Read()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
        // What is missing at the end is missing behind the last word, not behind the blank lines after it.
        if (_position == text.Length)
            return new QueryToken(QueryTokenKind.End, _lastEnd, _lastEnd, "");
        var token = ReadToken(_position);
        _position = _lastEnd = token.End;
        return token;
    }

    private QueryToken ReadToken(int start) => text[start] switch
    {
        ',' => new QueryToken(QueryTokenKind.Comma, start, start + 1, ","),
        '[' => new QueryToken(QueryTokenKind.Open, start, start + 1, "["),
        ']' => new QueryToken(QueryTokenKind.Close, start, start + 1, "]"),
        '"' => ReadQuoted(QueryTokenKind.Quoted, start, start),
        '@' => ReadId(start),
        _ => ReadWord(QueryTokenKind.Word, start, start),
    };

    private QueryToken ReadId(int start)
    {
        if (start + 1 < text.Length && text[start + 1] == '"')
            return ReadQuoted(QueryTokenKind.Id, start, start + 1);
        var id = ReadWord(QueryTokenKind.Id, start, start + 1);
        return id.Value.Length > 0
            ? id
            : throw Fault(start, "An @ stands alone", "an id right behind it, like @123 or @\"two words\"");
    }

    private QueryToken ReadWord(QueryTokenKind kind, int start, int from)
    {
        var end = WordEnd(text, from);
        if (end > start)
            return new QueryToken(kind, start, end, text[from..end]);
        var length = char.IsSurrogatePair(text, start) ? 2 : 1;
        return new QueryToken(QueryTokenKind.Unknown, start, start + length, "");
    }

    private QueryToken ReadQuoted(QueryTokenKind kind, int start, int quote)
    {
        var value = new StringBuilder();
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
                return new QueryToken(kind, start, i + 1, value.ToString());
            if (text[i] == '\\')
                CheckEscape(i++);
            else if (char.IsSurrogate(text[i]))
                value.Append(CheckPair(i++));
            value.Append(text[i]);
        }

        throw Fault(quote, "A quoted string is not closed", "a closing \" behind it");
    }

    private void CheckEscape(int backslash)
    {
        if (backslash + 1 == text.Length || text[backslash + 1] is not ('"' or '\\'))
            throw Fault(backslash, "A backslash escapes nothing", "\\\" or \\\\");
    }

    private char CheckPair(int index) =>
        char.IsSurrogatePair(text, index)
            ? text[index]
            : throw Fault(index, "Half a surrogate pair is no character", "well-formed UTF-16");

    private QuerySyntaxException Fault(int position, string problem, string expected) =>
        new(new QueryLocation(text, position), problem, expected);

    private static int WordEnd(string text, int start)
    {
        while (start < text.Length && Rune.TryGetRuneAt(text, start, out var rune) && IsWordRune(rune))
            start += rune.Utf16SequenceLength;
        return start;
    }

    private static bool IsWordRune(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' or '.' or ':' or '/'
        : Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber;
}
