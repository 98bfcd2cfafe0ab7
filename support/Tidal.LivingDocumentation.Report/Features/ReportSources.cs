using Tidal.LivingDocumentation.Report.Acceptance;
using Tidal.LivingDocumentation.Report.Model;

namespace Tidal.LivingDocumentation.Report.Features;

/// <summary>What people have written for the document: the features, and the texts beside them. Immutable.</summary>
/// <param name="Features">The features, in the order of their paths.</param>
/// <param name="Capabilities">The folders, in reading order.</param>
/// <param name="Glossary">The words, by alphabet.</param>
/// <param name="AcceptanceText">The acceptance text, line by line, with who shows each.</param>
public sealed record ReportSources(
    IReadOnlyList<FeatureFile> Features, IReadOnlyList<CapabilityText> Capabilities, IReadOnlyList<Term> Glossary, IReadOnlyList<AcceptanceLine> AcceptanceText)
{
    /// <summary>Reads them.</summary>
    /// <param name="root">The checkout's root.</param>
    /// <exception cref="SourceException">One of them cannot be read, or is not written as it must be.</exception>
    public static ReportSources Read(string root) => new(
        FeatureReader.ReadAll(Path.Combine(root, "features")),
        CapabilityText.Parse("features/capabilities.md", FeatureReader.ReadText(root, "features/capabilities.md")),
        GlossaryText.Parse("features/glossary.md", FeatureReader.ReadText(root, "features/glossary.md")),
        AcceptanceLine.Parse("features/acceptance/acceptance-text.md", FeatureReader.ReadText(root, "features/acceptance/acceptance-text.md")));
}
