using Tidal.Query;

namespace Tidal.Tests.Query;

public sealed class QueryLocationTests
{
    // What stands before the fault, as it is shown, and the columns it fills.
    [Theory]
    [InlineData("plain ", "plain ", 6)]
    [InlineData("\ttab\t", " tab ", 5)]
    [InlineData("a\u00A0b\u3000", "a b ", 4)]
    [InlineData("東京", "東京", 4)]
    [InlineData("서울ｆ", "서울ｆ", 6)]
    [InlineData("e\u0301\u0302x", "e\u0301\u0302x", 2)]
    [InlineData("𝒳", "𝒳", 1)]
    [InlineData("😀", "😀", 2)]
    [InlineData("👩‍👩‍👧", "👩‍👩‍👧", 2)]
    [InlineData("🇩🇪", "🇩🇪", 2)]
    [InlineData("❤\uFE0F", "❤\uFE0F", 2)]
    [InlineData("\u0007\u202E\uFEFF", "\uFFFD\uFFFD\uFFFD", 3)]
    public void The_caret_stands_under_the_fault(string before, string shown, int columns)
    {
        var location = new QueryLocation(before + "!", before.Length);
        location.Excerpt.Should().Be($"{shown}!\n{new string(' ', columns)}^");
    }

    [Fact]
    public void Columns_are_counted_in_characters_as_a_reader_sees_them() =>
        new QueryLocation("x\n東e\u0301😀!", 7).Should().Match<QueryLocation>(place => place.Line == 2 && place.Column == 4);

    [Fact]
    public void A_heap_of_marks_does_not_swell_the_excerpt() =>
        new QueryLocation("a" + new string('\u0301', 60_000) + "!", 60_001).Excerpt.Should().Be("\uFFFD!\n ^");

    [Theory]
    [InlineData("a\nb\nc", 2, 2)]
    [InlineData("a\r\nb\r\nc", 3, 2)]
    [InlineData("a\rb\rc", 2, 2)]
    [InlineData("a\n\nb", 2, 2)]
    [InlineData("a\r\nb", 2, 1)]
    [InlineData("", 0, 1)]
    public void Lines_end_with_a_line_feed_a_carriage_return_or_both(string text, int position, int line) =>
        new QueryLocation(text, position).Line.Should().Be(line);

    [Fact]
    public void A_line_of_100_columns_is_shown_whole() =>
        new QueryLocation(new string('x', 100), 99).Excerpt.Should().Be(new string('x', 100) + "\n" + new string(' ', 99) + "^");

    [Fact]
    public void A_longer_line_is_cut_on_both_sides() =>
        new QueryLocation(new string('x', 200) + "!" + new string('y', 200), 200).Excerpt.Should().Be(
            "…" + new string('x', 60) + "!" + new string('y', 39) + "…\n" + new string(' ', 61) + "^");

    [Fact]
    public void A_longer_line_is_cut_on_its_right_when_the_fault_is_on_its_left() =>
        new QueryLocation("!" + new string('y', 200), 0).Excerpt.Should().Be("!" + new string('y', 99) + "…\n^");

    [Fact]
    public void A_fault_at_the_end_of_a_longer_line_is_shown_behind_it() =>
        new QueryLocation(new string('x', 200), 200).Excerpt.Should().Be("…" + new string('x', 60) + "\n" + new string(' ', 61) + "^");

    // 101 columns of wide characters and one narrow one: the cut falls into the middle of a character, which is left out.
    [Fact]
    public void A_cut_in_the_middle_of_a_wide_character_leaves_it_out() =>
        new QueryLocation(new string('東', 50) + "a!", 51).Excerpt.Should().Be(
            "…" + new string('東', 29) + "a!\n" + new string(' ', 60) + "^");

    [Fact]
    public void A_place_lies_inside_its_text()
    {
        FluentActions.Invoking(() => new QueryLocation("abc", 4)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new QueryLocation("abc", -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new QueryLocation(null!, 0)).Should().Throw<ArgumentNullException>();
        default(QueryLocation).Excerpt.Should().Be("\n^");
    }

    [Fact]
    public void Places_do_not_tell_queries_apart()
    {
        var (here, there) = (new QueryLocation("a", 0), new QueryLocation("b", 1));
        (here == there).Should().BeTrue();
        (here != there).Should().BeFalse();
        here.GetHashCode().Should().Be(there.GetHashCode());
    }
}
