using System.Text;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>Writes queries in canonical form: clauses in fixed order, defaults left out, quotation marks only where needed.</summary>
internal static class QueryWriter
{
    /// <summary>The canonical text of a query, or its own if blanks would make the canonical one too long to be parsed.</summary>
    public static string Write(RetrieveQuery query)
    {
        var canonical = Canonical(query);
        return Encoding.UTF8.GetByteCount(canonical) <= RetrieveQuery.MaximumTextBytes ? canonical : query.Text;
    }

    /// <summary>A key and a value with a colon between.</summary>
    public static string Pair(string key, string value) => $"{key}:{Value(value)}";

    /// <summary>The canonical text, however long.</summary>
    public static string Canonical(RetrieveQuery query)
    {
        var text = new StringBuilder(query.Explain ? "EXPLAIN RETRIEVE items" : "RETRIEVE items");
        Append(text, "FOR USER", query.ForUser is { } user ? Id(user.Value) : null);
        Append(text, "COHORT", query.Cohort?.ToString());
        Append(text, "USING PROFILE", Unless(query.Profile, RankingProfile.Trending, QueryWords.Profiles));
        Append(text, "WINDOW", Unless(query.Window, CountWindow.All, QueryWords.Windows));
        Append(text, "FILTER", query.Filters.IsEmpty ? null : string.Join(", ", query.Filters));
        Append(text, "EXCLUDE", Ids(query.Excluded));
        Append(text, "DIVERSITY", query.MaxPerCreator is { } most ? $"{QueryWords.MaxPerCreator}:{most}" : null);
        Append(text, "READ", Unless(query.Read, ReadScope.Home, QueryWords.Scopes));
        Append(text, "LIMIT", query.Limit == RetrieveQuery.DefaultLimit ? null : $"{query.Limit}");
        Append(text, "CURSOR", query.Cursor is { } cursor ? Value(cursor) : null);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string keyword, string? operand)
    {
        if (operand is not null)
            text.Append(' ').Append(keyword).Append(' ').Append(operand);
    }

    private static string? Unless<T>(T value, T byDefault, (string Word, T Value)[] choices) =>
        EqualityComparer<T>.Default.Equals(value, byDefault) ? null : QueryWords.WordOf(choices, value);

    private static string? Ids(IReadOnlyCollection<ItemId> items) =>
        items.Count == 0 ? null : $"[{string.Join(", ", items.Select(item => Id(item.Value)))}]";

    private static string Id(string id) => "@" + Value(id);

    private static string Value(string value) =>
        QueryLexer.IsBareWord(value) ? value : $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
