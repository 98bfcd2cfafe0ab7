using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation;

/// <summary>What is known of a scenario before it runs. Immutable.</summary>
/// <param name="FeatureFolder">The feature's folder below the features; null or empty at their root.</param>
/// <param name="Feature">The feature's title.</param>
/// <param name="Title">The scenario's title as written.</param>
/// <param name="Arguments">An outline's columns and this row's values; empty for a plain scenario.</param>
/// <param name="Substrate">What its cluster runs on.</param>
/// <param name="Runtime">Who runs it.</param>
public sealed record ScenarioFacts(string? FeatureFolder, string Feature, string Title, IReadOnlyList<NamedValue> Arguments, SubstrateKind Substrate, string Runtime);
