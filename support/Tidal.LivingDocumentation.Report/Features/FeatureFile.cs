using Gherkin.Ast;

namespace Tidal.LivingDocumentation.Report.Features;

/// <summary>A feature as it stands in its file. Immutable.</summary>
/// <param name="Path">The file below the checkout, with slashes: <c>features/failover/a-shard-primary-crashes.feature</c>.</param>
/// <param name="Folder">Its folder below the features, with slashes: <c>failover</c>; empty at their root.</param>
/// <param name="Text">The text.</param>
/// <param name="Document">What it says; it has a feature, never null.</param>
public sealed record FeatureFile(string Path, string Folder, string Text, GherkinDocument Document)
{
    /// <summary>The feature.</summary>
    public Feature Feature => Document.Feature;
}
