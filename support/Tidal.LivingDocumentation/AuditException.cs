namespace Tidal.LivingDocumentation;

/// <summary>What fails a scenario whose steps passed and whose audit found something.</summary>
/// <param name="finding">What the audit found, in words.</param>
public sealed class AuditException(string finding) : Exception($"The audit at the end of the scenario found: {finding}");
