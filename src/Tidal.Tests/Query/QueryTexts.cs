using FsCheck;
using FsCheck.Fluent;

namespace Tidal.Tests.Query;

/// <summary>Generators of query texts: valid ones in every shape, spoilt ones, and rubbish.</summary>
internal static class QueryTexts
{
    private static readonly string[] Pieces =
    [
        "RETRIEVE", "items", "EXPLAIN", "FOR", "USER", "LIMIT", "FILTER", "unseen", "topic:news", "EXCLUDE", "[", "]", "@", "@1", "\"", "\\",
        "\\\"", ",", ":", " ", "\n", "\r", "\t", "0", "1000", "top", "USING PROFILE", "WINDOW", "1h", "東", "e\u0301", "😀", "\ud800", "\udc00",
        "\0", "\u202E", "\uFEFF", "\u0301", "٣", "'", ";",
    ];

    private static readonly Gen<string> Gap = Gen.Elements(" ", "  ", "\n", "\t", "\r\n ");

    private static readonly Gen<string> Word =
        Gen.Elements("a", "z", "A", "Z", "0", "9", "_", "-", ".", "/", "é", "e\u0301", "東", "𝒳", "①").NonEmptyListOf().Select(string.Concat);

    private static readonly Gen<string> Quoted = Gen.Elements("a", " ", "\\\"", "\\\\", "東", "😀", ":", ",", "]", "\n", "@", "LIMIT")
        .NonEmptyListOf().Select(parts => $"\"{string.Concat(parts)}\"");

    private static readonly Gen<string> Value = Gen.OneOf(Word, Quoted, Gen.Elements("a:b", ":x", "-", "LIMIT", "𝒳"));

    private static readonly Gen<string> Id = Value.Select(value => "@" + value);

    private static readonly Gen<string> Pair = Word.SelectMany(_ => Value, (key, value) => $"{key}:{value}");

    private static readonly Gen<string> Number = Gen.Choose(1, 1000).Select(number => $"{number}");

    private static readonly Gen<string>[] Clauses =
    [
        Id.Select(id => "FOR USER " + id),
        Pair.Select(pair => "COHORT " + pair),
        Gen.Elements("USING PROFILE trending", "USING PROFILE new", "USING PROFILE top", "WINDOW 24h USING PROFILE top", "using profile TOP window ALL"),
        Gen.OneOf(Pair, Gen.Elements("unseen", "Unblocked")).NonEmptyListOf().Select(filters => "FILTER " + string.Join(',', filters)),
        Id.ListOf().Select(ids => $"EXCLUDE [{string.Join(" , ", ids)}]"),
        Number.Select(number => "diversity max_per_creator:" + number),
        Gen.Elements("READ home", "read LOCAL"),
        Number.Select(number => "LIMIT " + number),
        Value.Select(value => "CURSOR " + value),
    ];

    /// <summary>Queries that parse: any clauses in any order, with any white space between them.</summary>
    public static Gen<string> Valid =>
        from opening in Gen.Elements("RETRIEVE items", "EXPLAIN retrieve ITEMS", "Retrieve\nitems")
        from order in Gen.Shuffle(Clauses)
        from count in Gen.Choose(0, Clauses.Length)
        from clauses in Gen.CollectToList(order.Take(count))
        from gap in Gap
        select string.Join(gap, clauses.Prepend(opening));

    /// <summary>Any string: pieces of queries and characters that upset a lexer, with no order.</summary>
    public static Gen<string> Rubbish =>
        Gen.OneOf(Gen.Elements(Pieces), Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString())).ListOf().Select(string.Concat);

    /// <summary>Queries that parse but for a few characters that were deleted, put in or replaced.</summary>
    public static Gen<string> Spoilt =>
        from valid in Valid
        from count in Gen.Choose(1, 4)
        from spoilt in Spoil(valid, count)
        select spoilt;

    private static Gen<string> Spoil(string text, int count) =>
        from start in Gen.Choose(0, text.Length)
        from length in Gen.Choose(0, Math.Min(3, text.Length - start))
        from piece in Gen.OneOf(Gen.Constant(""), Gen.Elements(Pieces))
        from spoilt in Again(text[..start] + piece + text[(start + length)..], count - 1)
        select spoilt;

    private static Gen<string> Again(string text, int count) => count == 0 ? Gen.Constant(text) : Spoil(text, count);
}
