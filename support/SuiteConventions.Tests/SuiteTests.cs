using System.Reflection;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.SuiteConventions.Tests;

/// <summary>The suite itself, held against its conventions.</summary>
public sealed class SuiteTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Features_keep_to_the_conventions() =>
        Files("features", "*.feature").SelectMany(file => FeatureConventions.Breaches(file.Path, file.Text)).Should().BeEmpty();

    [Fact]
    public void Every_step_definition_is_used() =>
        Vocabulary().Unused(Files("features", "*.feature").Select(file => FeatureReader.Read(file.Path, file.Text))).Should().BeEmpty();

    [Fact]
    public void The_vocabulary_stays_small() => Vocabulary().Count.Should().BeLessThanOrEqualTo(StepVocabulary.Most);

    [Fact]
    public void Binding_methods_are_short() =>
        Files("steps", "*.cs").SelectMany(file => BindingSource.TooLong(file.Path, file.Text)).Should().BeEmpty();

    private static StepVocabulary Vocabulary() => new(Assembly.Load("TidalBdd.Steps").GetTypes());

    private static IEnumerable<(string Path, string Text)> Files(string folder, string pattern) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        orderby relative
        select (relative, File.ReadAllText(path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TidalBdd.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("TidalBdd.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
