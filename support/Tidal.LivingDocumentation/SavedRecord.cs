namespace Tidal.LivingDocumentation;

/// <summary>What came of a scenario's record, to be told in its test's output. Immutable.</summary>
/// <param name="Lines">Lines to print: where the record is, and what could not be recorded.</param>
/// <param name="Pictures">Files to attach.</param>
public sealed record SavedRecord(IReadOnlyList<string> Lines, IReadOnlyList<string> Pictures);
