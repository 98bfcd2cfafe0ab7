namespace Tidal.Schema;

/// <summary>One type of signal, as the schema declares it. Immutable.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, as writes use it.</param>
/// <param name="HalfLifeMilliseconds">After how long a signal counts half in decay scores, in milliseconds.</param>
/// <param name="Weight">What one unit of its score or count adds in the profiles <c>trending</c> and <c>top</c>; 0 leaves it out.</param>
/// <param name="HasWindows">Whether counts in the windows 1h, 24h and 7d are kept beside the all-time count.</param>
/// <param name="HasVelocity">Whether velocity (count in a window divided by the window) may be read.</param>
/// <param name="MarksSeen">Whether a signal of this type makes its item <em>seen</em> by its user.</param>
public sealed record SignalType(
    SignalTypeId Id, string Name, long HalfLifeMilliseconds, double Weight, bool HasWindows, bool HasVelocity, bool MarksSeen);

/// <summary>
/// What a tenant counts: signal types and the user attributes by which signals are also aggregated (its cohorts).
/// Immutable and safe to share between threads; made by <see cref="SchemaBuilder"/>.
/// </summary>
public sealed class SignalSchema
{
    /// <summary>The items that a shard remembers as seen by a user, where the schema does not say how many.</summary>
    public const int DefaultSeenItemsMax = 1_000;

    /// <summary>The items that a rank index keeps, where the schema does not say how many.</summary>
    public const int DefaultRankedItemsMax = 4_096;

    /// <summary>The rank indexes that a shard keeps for a tenant, where the schema does not say how many.</summary>
    public const int DefaultRankIndexesMax = 64;

    private readonly Dictionary<string, SignalType> _byName;
    private readonly string[] _cohorts;

    internal SignalSchema(IReadOnlyList<SignalType> signals, IReadOnlyList<string> cohorts, int seenItemsMax, int rankedItemsMax, int rankIndexesMax)
    {
        (SeenItemsMax, RankedItemsMax, RankIndexesMax) = (seenItemsMax, rankedItemsMax, rankIndexesMax);
        Signals = [.. signals];
        _cohorts = [.. cohorts];
        _byName = signals.ToDictionary(signal => signal.Name, StringComparer.Ordinal);
    }

    /// <summary>Signal types in order of their numbers.</summary>
    public IReadOnlyList<SignalType> Signals { get; }

    /// <summary>User attributes by which signals are also aggregated, in order of declaration.</summary>
    public IReadOnlyList<string> Cohorts => _cohorts;

    /// <summary>The most items that a shard remembers as seen by one user: the latest.</summary>
    public int SeenItemsMax { get; }

    /// <summary>
    /// The fewest items that a rank index keeps when it drops the worst: the best ones. It holds up to twice as many. A query that needs
    /// others looks at every item.
    /// </summary>
    public int RankedItemsMax { get; }

    /// <summary>The most rank indexes that a shard keeps; 0 for none, so that every query looks at every item.</summary>
    public int RankIndexesMax { get; }

    /// <summary>The signal type of a number.</summary>
    /// <param name="id">The number.</param>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public SignalType this[SignalTypeId id] =>
        id.Number < Signals.Count
            ? Signals[id.Number]
            : throw new SchemaException($"There is no {id}; the schema has {Signals.Count}.");

    /// <summary>The signal type of a name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <exception cref="SchemaException">The schema has no such signal type.</exception>
    public SignalType Signal(string name) =>
        TryFindSignal(name, out var signal)
            ? signal
            : throw new SchemaException($"There is no signal '{name}'; the schema has {string.Join(", ", _byName.Keys)}.");

    /// <summary>Looks a signal type up by name.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <param name="signal">The signal type, when the answer is true.</param>
    public bool TryFindSignal(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out SignalType signal) =>
        _byName.TryGetValue(name, out signal);

    /// <summary>The place of a cohort attribute, or -1 when signals are not aggregated by it.</summary>
    /// <param name="attribute">The attribute's name, compared ordinally.</param>
    public int CohortIndex(string attribute) => Array.IndexOf(_cohorts, attribute);
}

/// <summary>A schema was declared wrongly, or asked for something that it does not declare.</summary>
public sealed class SchemaException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong and what was expected.</param>
    public SchemaException(string message)
        : base(message)
    {
    }
}
