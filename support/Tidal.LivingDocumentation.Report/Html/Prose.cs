using System.Text.RegularExpressions;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>Paragraphs whose words of the glossary lead to it: each word once a paragraph. Immutable.</summary>
internal sealed class Prose
{
    private readonly Dictionary<string, int> _termOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Regex? _words;

    public Prose(IReadOnlyList<Term> terms)
    {
        foreach (var (term, index) in terms.Select((term, index) => (term, index)))
        {
            foreach (var form in term.Forms.Prepend(term.Word).Where(form => form.Trim().Length > 0))
                _termOf.TryAdd(form, index);
        }
        if (_termOf.Count > 0)
        {
            var longestFirst = _termOf.Keys.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal).Select(Regex.Escape);
            _words = new Regex($@"(?<![\w-])(?:{string.Join('|', longestFirst)})(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
    }

    public void Write(Page page, IReadOnlyList<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            page.Write($"<p dir=\"auto\">");
            WriteWords(page, paragraph);
            page.Write($"</p>\n");
        }
    }

    private void WriteWords(Page page, string text)
    {
        var seen = new HashSet<int>();
        var from = 0;
        for (var match = _words?.Match(text); match is { Success: true }; match = match.NextMatch())
        {
            if (!_termOf.TryGetValue(match.Value, out var index) || !seen.Add(index))
                continue;
            page.WriteText(text.AsSpan(from, match.Index - from));
            page.Write($"<a class=\"gw\" href=\"#{Glossary.IdOf(index)}\">{match.Value}</a>");
            from = match.Index + match.Length;
        }
        page.WriteText(text.AsSpan(from));
    }
}
