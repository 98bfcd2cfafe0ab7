namespace Tidal.Cli;

/// <summary>What <c>tidal replay</c> was asked to do. Immutable.</summary>
/// <param name="File">The file.</param>
/// <param name="HalfLife">The half-life of every signal.</param>
/// <param name="Seed">What every random choice of the run comes from.</param>
/// <param name="Faults">The faults, in the order given.</param>
/// <param name="HasDefaultFaults">Whether they are the default ones, which nobody asked for.</param>
/// <param name="Queries">The queries, in the order given.</param>
/// <param name="Migrations">The migrations, in the order given.</param>
/// <param name="DuplicateEvery">Every so many-th signal is sent twice, the second time to another region; 0 for none.</param>
/// <param name="Hides">How many hides by users of the day.</param>
/// <param name="Json">Whether the report is wanted as JSON.</param>
internal sealed record ReplayOptions(
    string File,
    TimeSpan HalfLife,
    ulong Seed,
    IReadOnlyList<FaultSpec> Faults,
    bool HasDefaultFaults,
    IReadOnlyList<QuerySpec> Queries,
    IReadOnlyList<MigrationSpec> Migrations,
    int DuplicateEvery,
    int Hides,
    bool Json);
