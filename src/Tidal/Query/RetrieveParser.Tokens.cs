using System.Globalization;
using System.Text;

namespace Tidal.Query;

// What the clauses are made of, and how a fault in one is told.
public sealed partial class RetrieveParser
{
    private void Advance() => _token = _lexer.Read();

    private void Begin(QueryClause clause)
    {
        _positions[(int)clause] = _token.Start;
        Advance();
    }

    private bool TryTake(QueryTokenKind kind)
    {
        var found = _token.Kind == kind;
        if (found)
            Advance();
        return found;
    }

    private bool TryTake(string keyword)
    {
        var found = _token.Is(keyword);
        if (found)
            Advance();
        return found;
    }

    private void TakeKeyword(string keyword, params string[] alternatives)
    {
        string[] words = [keyword, .. alternatives];
        if (!TryTake(keyword))
            throw Found(QueryWords.List(words), words);
    }

    private T TakeChoice<T>((string Word, T Value)[] choices)
    {
        foreach (var (word, value) in choices)
        {
            if (TryTake(word))
                return value;
        }

        string[] words = [.. choices.Select(choice => choice.Word)];
        throw Found(QueryWords.List(words), words);
    }

    private string TakeId(string what)
    {
        if (_token.Kind != QueryTokenKind.Id)
            throw Found($"{what} like @123");
        var bytes = Encoding.UTF8.GetByteCount(_token.Value);
        if (bytes is 0 or > RetrieveQuery.MaximumIdBytes)
            throw Fault(_token.Start, string.Create(CultureInfo.InvariantCulture, $"An id has {bytes:N0} bytes of UTF-8"), "1 to 1,024");
        return TakeText();
    }

    private string TakeValue(string what, bool mayBeEmpty)
    {
        if (_token.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted) || (_token.Value.Length == 0 && !mayBeEmpty))
            throw Found(what);
        return TakeText();
    }

    private string TakeText()
    {
        var text = _token.Value;
        Advance();
        return text;
    }

    // A word may hold colons, and only the first of them parts a key from its value: so this cut is made here and not by
    // the lexer, which cannot know. What is behind the colon is read as a token of its own.
    private QueryToken TakeKey(string form, params string[] keywords)
    {
        var key = _token;
        var colon = key.Kind == QueryTokenKind.Word ? key.Value.IndexOf(':') : 0;
        if (colon == 0)
            throw Found(form, keywords);
        if (colon > 0)
        {
            _token = _lexer.ReadAt(key.Start + colon + 1);
            return key with { End = key.Start + colon, Value = key.Value[..colon] };
        }

        Advance();
        if (_token.Kind != QueryTokenKind.Word || _token.Value[0] != ':')
            throw Found(key, form, keywords);
        _token = _lexer.ReadAt(_token.Start + 1);
        return key;
    }

    private static bool BeginsClause(QueryToken token) => Array.Exists(QueryWords.Clauses, words => token.Is(words.First));

    private QuerySyntaxException NoClause(params string[] alternatives)
    {
        if (_token.Is("EXPLAIN"))
            return Found("EXPLAIN only before RETRIEVE");
        var left = Array.FindAll(QueryWords.Clauses, words => _positions[(int)words.Clause] < 0);
        var names = left.Select(words => QueryWords.NameOf(words.First, words.Second));
        var expected = QueryWords.List([.. alternatives, .. names, "the end of the query"]);
        return Found(expected, [.. left.Select(words => words.First)]);
    }

    private QuerySyntaxException Found(string expected, params string[] keywords) => Found(_token, expected, keywords);

    private QuerySyntaxException Found(QueryToken token, string expected, params string[] keywords)
    {
        if (token.Kind == QueryTokenKind.End)
            return Fault(token.Start, "The query ends here", expected);
        var nearest = token.Kind == QueryTokenKind.Word ? QueryWords.Nearest(token.Value, keywords) : null;
        var hint = nearest is null ? "" : $" (did you mean {nearest}?)";
        return Fault(token.Start, $"Found {QueryExcerpt.Quote(_text, token.Start, token.End)}{hint}", expected);
    }

    private QuerySyntaxException Fault(int position, string problem, string expected) => new(At(position), problem, expected);

    private QueryLocation At(int position) => new(_text, position);
}
