using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Tests.Model;

public sealed class FeatureReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tidal-features-").FullName;

    [Fact]
    public void Features_are_read_in_the_order_of_their_paths_with_their_folders()
    {
        Put("features/b/later.feature", "Feature: Later\n");
        Put("features/a/first.feature", "Feature: First\n");
        Put("features/root.feature", "Feature: Root\n");

        var read = FeatureReader.ReadAll(Path.Combine(_folder, "features"));

        read.Select(file => (file.Path, file.Folder, file.Feature.Name)).Should().Equal(
            ("features/a/first.feature", "a", "First"), ("features/b/later.feature", "b", "Later"), ("features/root.feature", "", "Root"));
        read[0].Text.Should().Be("Feature: First\n");
    }

    [Theory]
    [InlineData("bin")]
    [InlineData("obj")]
    public void What_a_build_has_copied_is_not_read(string output)
    {
        Put($"features/{output}/Debug/a.feature", "Feature: A copy\n");
        Put("features/a/a.feature", "Feature: A\n");

        FeatureReader.ReadAll(Path.Combine(_folder, "features")).Should().ContainSingle().Which.Folder.Should().Be("a");
    }

    [Fact]
    public void A_file_that_is_no_Gherkin_is_said_with_file_and_line()
    {
        Put("features/a/a.feature", "Feature: A\n\n  Scenario: S\n    Given this\n    nonsense\n");

        var error = FluentActions.Invoking(() => FeatureReader.ReadAll(Path.Combine(_folder, "features"))).Should().Throw<SourceException>().Which;

        error.Message.Should().StartWith("features/a/a.feature, line 5: expected: ").And.EndWith("got 'nonsense'");
        (error.Path, error.Line).Should().Be(("features/a/a.feature", 5));
    }

    [Fact]
    public void A_file_without_a_feature_is_said()
    {
        Put("features/a/a.feature", "# Nothing but this.\n");

        FluentActions.Invoking(() => FeatureReader.ReadAll(Path.Combine(_folder, "features")))
            .Should().Throw<SourceException>().WithMessage("features/a/a.feature: there is no feature in it");
    }

    [Fact]
    public void The_product_s_own_features_are_read()
    {
        var read = FeatureReader.ReadAll(Path.Combine(RecordFiles.Root, "features"));

        read.Should().Contain(file => file.Path == "features/failover/a-shard-primary-crashes.feature" && file.Feature.Name == "A shard primary crashes");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Put(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
