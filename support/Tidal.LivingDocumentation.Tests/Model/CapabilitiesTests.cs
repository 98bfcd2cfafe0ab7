using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Tests.Model;

public sealed class CapabilitiesTests
{
    [Fact]
    public void Every_folder_has_a_title_and_every_title_a_folder() =>
        Texts.Own.Capabilities.Select(text => text.Folder).Should().BeEquivalentTo(Texts.Own.Features.Select(file => file.Folder).Distinct());

    [Fact]
    public void No_two_titles_are_alike() => Texts.Own.Capabilities.Select(text => text.Title).Should().OnlyHaveUniqueItems();

    [Theory]
    [InlineData("# C\n\n## failover\nSomething.", 3)]
    [InlineData("# C\n\n## failover: A title\n\n## upgrade: Another\nSomething.", 3)]
    [InlineData("## failover: A title\nSomething.\n## failover: Another\nSomething.", 3)]
    public void What_is_not_written_as_it_must_be_is_refused_with_its_line(string text, int line) =>
        FluentActions.Invoking(() => CapabilityText.Parse("c.md", text)).Should().Throw<SourceException>().Which.Line.Should().Be(line);

    [Fact]
    public void A_folder_is_read_with_its_title_and_sentence() =>
        CapabilityText.Parse("c.md", "# C\n\n## failover: When a replica crashes\nA shard\ngoes on.\n").Should().Equal(new CapabilityText("failover", "When a replica crashes", "A shard goes on."));
}
