namespace Tidal.Query;

/// <summary>
/// A place in the text of a query. <b>Any two are equal</b>, so that the parts of a query, which carry theirs, compare by
/// what they ask and not by where it was written. Immutable and safe to share between threads.
/// </summary>
public readonly struct QueryLocation : IEquatable<QueryLocation>
{
    private readonly string? _text;

    /// <summary>Names a place.</summary>
    /// <param name="text">The text of the query.</param>
    /// <param name="position">The index of a UTF-16 unit, from 0; the text's length stands for its end.</param>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The position lies outside the text.</exception>
    public QueryLocation(string text, int position)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, text.Length);
        _text = text;
        Position = position;
    }

    /// <summary>The text of the query.</summary>
    public string Text => _text ?? "";

    /// <summary>The index of a UTF-16 unit in <see cref="Text"/>, from 0; its length stands for the end.</summary>
    public int Position { get; }

    /// <summary>The line, from 1. Lines end with a line feed, a carriage return or both.</summary>
    public int Line => QueryExcerpt.FindLine(Text, Position).Number;

    /// <summary>The place in its line, from 1, counted in characters as a reader sees them (text elements).</summary>
    public int Column => QueryExcerpt.Column(Text, Position);

    /// <summary>
    /// Two lines with a line feed between: the line of the text, cut to about 100 columns around the place, and a caret
    /// under the place. White space shows as a blank and what cannot be shown as U+FFFD, so that the caret is where it belongs.
    /// </summary>
    public string Excerpt => QueryExcerpt.Render(Text, Position);

    /// <summary>True for any two places.</summary>
    /// <param name="left">A place.</param>
    /// <param name="right">Another place.</param>
    public static bool operator ==(QueryLocation left, QueryLocation right) => left.Equals(right);

    /// <summary>False for any two places.</summary>
    /// <param name="left">A place.</param>
    /// <param name="right">Another place.</param>
    public static bool operator !=(QueryLocation left, QueryLocation right) => !left.Equals(right);

    /// <summary>True: places do not tell queries apart.</summary>
    /// <param name="other">Another place.</param>
    public bool Equals(QueryLocation other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is QueryLocation;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}
