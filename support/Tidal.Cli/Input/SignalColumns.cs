namespace Tidal.Cli;

/// <summary>The columns of a signal file, in their order.</summary>
internal static class SignalColumns
{
    /// <summary>Milliseconds since 1970.</summary>
    public const int Time = 1;

    /// <summary>The accepting region.</summary>
    public const int Region = 2;

    /// <summary>The user's cohort.</summary>
    public const int Locale = 3;

    /// <summary>The user's country.</summary>
    public const int Country = 4;

    /// <summary>The language edition.</summary>
    public const int Wiki = 5;

    /// <summary>The title.</summary>
    public const int Page = 6;

    /// <summary>The item's home region.</summary>
    public const int HomeRegion = 7;

    /// <summary>The user.</summary>
    public const int User = 8;

    /// <summary>The signal type.</summary>
    public const int Signal = 9;

    /// <summary>The change in bytes.</summary>
    public const int Delta = 10;

    private static readonly string[] Names =
        ["time_ms", "region", "locale", "country", "wiki", "page", "home_region", "user", "signal", "delta"];

    /// <summary>How many there are.</summary>
    public static int Count => Names.Length;

    /// <summary>The header line.</summary>
    public static string Header => string.Join(',', Names);

    /// <summary>A column's name.</summary>
    /// <param name="column">The column, from 1.</param>
    public static string NameOf(int column) => Names[column - 1];

    /// <summary>A column for an error: its number, and its name where it has one.</summary>
    /// <param name="column">The column, from 1.</param>
    public static string Describe(int column) => column <= Names.Length ? $"{column} ({NameOf(column)})" : $"{column}";
}
