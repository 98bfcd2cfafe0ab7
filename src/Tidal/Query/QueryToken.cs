namespace Tidal.Query;

/// <summary>The kinds of token.</summary>
internal enum QueryTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A keyword, a number or an unquoted value: <c>LIMIT</c>, <c>20</c>, <c>locale:EU</c>.</summary>
    Word,

    /// <summary>A string in quotation marks.</summary>
    Quoted,

    /// <summary>An id with its @: <c>@123</c> or <c>@"en:Jeremy Corbyn"</c>.</summary>
    Id,

    /// <summary>A comma.</summary>
    Comma,

    /// <summary>An opening square bracket.</summary>
    Open,

    /// <summary>A closing square bracket.</summary>
    Close,

    /// <summary>A character that begins no token.</summary>
    Unknown,
}

/// <summary>One token of a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="End">Where it ends, in UTF-16 units.</param>
/// <param name="Value">Its text: of an id without the @, of a string without quotation marks and escapes.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, int Start, int End, string Value)
{
    /// <summary>True for a word that is a keyword, in any case.</summary>
    public bool Is(string keyword) =>
        Kind == QueryTokenKind.Word && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
