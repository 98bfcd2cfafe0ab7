using Tidal.Schema;
namespace Tidal.Query;

/// <summary>The words of the language: one table for the parser that reads them and the writer that writes them.</summary>
internal static class QueryWords
{
    public const string Unseen = "unseen";
    public const string Unblocked = "unblocked";
    public const string MaxPerCreator = "max_per_creator";

    private const int FurthestSuggestion = 2;

    /// <summary>The clauses after RETRIEVE, in canonical order; some begin with two words.</summary>
    public static readonly (string First, string? Second, QueryClause Clause)[] Clauses =
    [
        ("FOR", "USER", QueryClause.ForUser),
        ("COHORT", null, QueryClause.Cohort),
        ("USING", "PROFILE", QueryClause.Profile),
        ("WINDOW", null, QueryClause.Window),
        ("FILTER", null, QueryClause.Filter),
        ("EXCLUDE", null, QueryClause.Exclude),
        ("DIVERSITY", null, QueryClause.Diversity),
        ("READ", null, QueryClause.Read),
        ("LIMIT", null, QueryClause.Limit),
        ("CURSOR", null, QueryClause.Cursor),
    ];

    /// <summary>What may follow USING PROFILE.</summary>
    public static readonly (string Word, RankingProfile Value)[] Profiles =
        [("trending", RankingProfile.Trending), ("top", RankingProfile.Top), ("new", RankingProfile.New)];

    /// <summary>What may follow WINDOW.</summary>
    public static readonly (string Word, CountWindow Value)[] Windows =
        [("1h", CountWindow.OneHour), ("24h", CountWindow.OneDay), ("7d", CountWindow.OneWeek), ("all", CountWindow.All)];

    /// <summary>What may follow READ.</summary>
    public static readonly (string Word, ReadScope Value)[] Scopes = [("home", ReadScope.Home), ("local", ReadScope.Local)];

    /// <summary>A clause, by all its keywords.</summary>
    public static string NameOf(string first, string? second) => second is null ? first : $"{first} {second}";

    /// <summary>The word of a value.</summary>
    public static string WordOf<T>((string Word, T Value)[] choices, T value) =>
        choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;

    /// <summary>Words as a list for a reader: <c>a, b or c</c>.</summary>
    public static string List(params IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    /// <summary>The keyword that was probably meant by a word that is none; null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> keywords) => keywords
        .Where(keyword => Distance(word, keyword) is > 0 and var distance && distance <= Math.Min(FurthestSuggestion, keyword.Length / 2))
        .MinBy(keyword => Distance(word, keyword));

    // Levenshtein's distance in any case; beyond the furthest suggestion it does not matter how far.
    private static int Distance(string word, string keyword)
    {
        if (Math.Abs(word.Length - keyword.Length) > FurthestSuggestion)
            return int.MaxValue;
        var row = Enumerable.Range(0, keyword.Length + 1).ToArray();
        for (var i = 0; i < word.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i + 1);
            for (var j = 0; j < keyword.Length; j++)
            {
                var same = char.ToUpperInvariant(word[i]) == char.ToUpperInvariant(keyword[j]);
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
