using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Building;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>The texts that people have written for the document, as tests look at them.</summary>
internal static class Texts
{
    /// <summary>The product's own.</summary>
    public static ReportSources Own { get; } = ReportSources.Read(RecordFiles.Root);

    /// <summary>All that people read where a word of the glossary may stand: features, the README's chapter about them, and the promises.</summary>
    public static string Read { get; } = string.Join('\n', Own.Features.Select(file => file.Text)
        .Append(ChapterOfReadme("How to read a feature"))
        .Concat(PromiseText.Steps.Concat(PromiseText.Invariants).Select(promise => promise.Title)));

    /// <summary>Whether a word stands somewhere as a word of its own.</summary>
    public static bool Has(string text, string word) =>
        Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(word)}(?!\w)", RegexOptions.IgnoreCase);

    /// <summary>The names of the columns of all tables.</summary>
    public static IEnumerable<string> Columns => Own.Features.SelectMany(file => FeatureBuilder.ScenariosOf(file.Feature)).SelectMany(scenario => scenario.Steps
        .Where(step => step.DataTable is not null).Select(step => step.DataTable!.Rows.First()).Concat(scenario.Examples.Select(examples => examples.TableHeader)))
        .SelectMany(header => header.Cells).Select(cell => cell.Value).Distinct();

    private static string ChapterOfReadme(string title) =>
        File.ReadAllText(Path.Combine(RecordFiles.Root, "README.md")).Split("\n## ").Single(chapter => chapter.StartsWith(title, StringComparison.Ordinal));
}
