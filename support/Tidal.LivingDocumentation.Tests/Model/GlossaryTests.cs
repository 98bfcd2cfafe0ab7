using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Tests.Model;

public sealed class GlossaryTests
{
    // Words of a column's name that everybody knows, and places.
    private static readonly HashSet<string> Ordinary =
    [
        "a", "added", "ahead", "allowed", "at", "back", "bytes", "changed", "clauses", "copies", "do", "does", "expected", "fault", "first", "from", "given", "happened", "has",
        "highest", "holds", "in", "interrupted", "items", "lie", "lower", "number", "of", "off", "pins", "pinned", "read", "reason", "second", "seconds", "ship", "shown", "step",
        "taken", "target", "to", "up", "value", "what", "written", "voided", "and",
    ];

    [Fact]
    public void Each_word_and_each_form_of_it_is_used_where_people_read() =>
        Texts.Own.Glossary.SelectMany(term => term.Forms.Prepend(term.Word)).Where(word => !Texts.Has(Texts.Read, word)).Should().BeEmpty();

    [Fact]
    public void The_words_stand_by_alphabet() =>
        Texts.Own.Glossary.Select(term => term.Word).Should().BeInAscendingOrder(StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void No_word_comes_twice() =>
        Texts.Own.Glossary.SelectMany(term => term.Forms.Prepend(term.Word)).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Each_meaning_is_a_sentence_or_a_few() =>
        Texts.Own.Glossary.Should().AllSatisfy(term => term.Meaning.Should().MatchRegex(@"^[A-Z][^`]{20,320}\.$", $"that is what \"{term.Word}\" needs"));

    [Fact]
    public void What_columns_are_called_is_explained_or_ordinary()
    {
        var known = Texts.Own.Glossary.SelectMany(term => term.Forms.Prepend(term.Word)).SelectMany(word => word.Split(' ', '-')).Concat(Ordinary)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        var unknown = Texts.Columns.SelectMany(column => column.Split(' ', '-')).Where(word => word.Any(char.IsLetter) && !known.Contains(word)).Distinct();

        unknown.Except(["us", "east", "eu", "west", "ap", "south"]).Should().BeEmpty();
    }

    [Fact]
    public void A_word_without_a_meaning_is_refused_with_its_line() =>
        FluentActions.Invoking(() => GlossaryText.Parse("g.md", "# Glossary\n\n## shard\nAlso: shards\n\n## signal\nA view."))
            .Should().Throw<SourceException>().WithMessage("g.md, line 3: *").Which.Line.Should().Be(3);

    [Fact]
    public void A_word_is_read_with_its_forms_and_its_meaning() =>
        GlossaryText.Parse("g.md", "# Glossary\n\nFor editors.\n\n## shard\nAlso: shards, part\nA part of\nall items.\n")
            .Should().BeEquivalentTo([new Term("shard", "A part of all items.", ["shards", "part"])]);
}
