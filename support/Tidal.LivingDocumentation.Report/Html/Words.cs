using System.Globalization;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Outcomes, numbers and times as they are to be read.</summary>
internal static class Words
{
    private const string NoBreak = "\u00a0";

    /// <summary>How an example ended.</summary>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed",
        Outcome.Failed => "failed",
        _ => "not run",
    };

    /// <summary>What became of a promise.</summary>
    public static string OfPromise(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "Kept",
        Outcome.Failed => "Broken",
        _ => "Not shown",
    };

    /// <summary>An outcome as a class of the style.</summary>
    public static string ClassOf(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "ok",
        Outcome.Failed => "no",
        _ => "na",
    };

    /// <summary>A number in groups of three digits, with as many decimals as say something.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = value == Math.Round(value) || size >= 100 ? "#,0" : size >= 10 ? "0.#" : size >= 1 ? "0.##" : size >= 0.001 ? "0.###" : size >= 0.000001 ? "0.######" : "0.##e+0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A number and its unit.</summary>
    public static string Amount(double value, string unit) => unit.Length == 0 ? Number(value) : $"{Number(value)}{NoBreak}{unit}";

    /// <summary>A count and what is counted, in the right number.</summary>
    public static string Count(int count, string one, string? many = null) => $"{Number(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A duration.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 1 => $"<{NoBreak}1{NoBreak}ms",
        < 1000 => $"{milliseconds.ToString("0", CultureInfo.InvariantCulture)}{NoBreak}ms",
        < 60_000 => $"{(milliseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture)}{NoBreak}s",
        _ => $"{Math.Floor(milliseconds / 60_000).ToString("0", CultureInfo.InvariantCulture)}{NoBreak}min {(milliseconds % 60_000 / 1000).ToString("00", CultureInfo.InvariantCulture)}{NoBreak}s",
    };

    /// <summary>A day and a time, in UTC.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A moment for machines.</summary>
    public static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A limit, as it is to be read behind a figure; null if there is none.</summary>
    public static string? Limit(Figure figure) => figure.Comparison switch
    {
        Comparison.Below => $"must be below {Amount(figure.Limit, figure.Unit)}",
        Comparison.AtLeast => $"must be at least {Amount(figure.Limit, figure.Unit)}",
        Comparison.Exactly => $"must be {Amount(figure.Limit, figure.Unit)}",
        _ => null,
    };
}
