namespace Tidal.Schema;

/// <summary>Declares a <see cref="SignalSchema"/>, and refuses what could not work. Not safe for use by several threads.</summary>
public sealed class SchemaBuilder
{
    /// <summary>
    /// The shortest half-life. Scores are kept as a mantissa and a 32-bit count of half-lives since 1970; a shorter one
    /// would run out of bits within a lifetime.
    /// </summary>
    public static readonly TimeSpan ShortestHalfLife = TimeSpan.FromSeconds(10);

    /// <summary>How many cohort attributes a schema may name; a record carries at most that many stamps.</summary>
    public const int CohortsMax = 8;

    /// <summary>How many signal types a schema may declare: as many as their numbers can tell apart.</summary>
    public const int SignalsMax = ushort.MaxValue + 1;

    /// <summary>How many items a rank index may keep at most: 2^24.</summary>
    public const int RankedItemsLimit = 1 << 24;

    private readonly List<SignalType> _signals = [];
    private readonly List<string> _cohorts = [];
    private int _seenItemsMax = SignalSchema.DefaultSeenItemsMax;
    private int _rankedItemsMax = SignalSchema.DefaultRankedItemsMax;
    private int _rankIndexesMax = SignalSchema.DefaultRankIndexesMax;

    /// <summary>Declares a signal type.</summary>
    /// <param name="name">Its name, not used before.</param>
    /// <param name="halfLife">Its half-life, at least <see cref="ShortestHalfLife"/>.</param>
    /// <param name="weight">Its weight in the profiles, finite and not negative; 0 leaves it out of them.</param>
    /// <param name="windows">Whether windowed counts are kept.</param>
    /// <param name="velocity">Whether velocity may be read; needs windows.</param>
    /// <param name="marksSeen">Whether it makes its item seen by its user.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="SchemaException">The declaration cannot work; the message says why.</exception>
    public SchemaBuilder Signal(
        string name, TimeSpan halfLife, double weight = 1, bool windows = true, bool velocity = false, bool marksSeen = false)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new SchemaException("A signal type has no name.");
        if (_signals.Any(signal => signal.Name == name))
            throw new SchemaException($"The signal '{name}' is declared twice.");
        if (halfLife < ShortestHalfLife)
            throw new SchemaException($"The half-life of '{name}' is {halfLife}; it must be at least {ShortestHalfLife}.");
        if (!double.IsFinite(weight) || weight < 0)
            throw new SchemaException($"The weight of '{name}' is {weight}; it must be finite and not negative.");
        if (velocity && !windows)
            throw new SchemaException($"The signal '{name}' asks for velocity without windows, which velocity is counted in.");
        if (_signals.Count == SignalsMax)
            throw new SchemaException($"A schema has at most {SignalsMax} signal types.");
        _signals.Add(new SignalType(
            new SignalTypeId((ushort)_signals.Count), name, (long)halfLife.TotalMilliseconds, weight, windows, velocity, marksSeen));
        return this;
    }

    /// <summary>Aggregates signals also by a user attribute.</summary>
    /// <param name="attribute">The attribute's name, not used before.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="SchemaException">The name is empty or used twice, or there are too many.</exception>
    public SchemaBuilder Cohort(string attribute)
    {
        if (string.IsNullOrWhiteSpace(attribute))
            throw new SchemaException("A cohort attribute has no name.");
        if (_cohorts.Contains(attribute))
            throw new SchemaException($"The cohort attribute '{attribute}' is declared twice.");
        if (_cohorts.Count == CohortsMax)
            throw new SchemaException($"A schema has at most {CohortsMax} cohort attributes.");
        _cohorts.Add(attribute);
        return this;
    }

    /// <summary>Bounds what each shard remembers of the items that a user has seen: the latest ones. Default 1,000.</summary>
    /// <param name="most">How many items for each user, at least 1.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="SchemaException">It is less.</exception>
    public SchemaBuilder SeenItems(int most)
    {
        if (most < 1)
            throw new SchemaException($"{most} seen items cannot be remembered; it must be at least 1.");
        _seenItemsMax = most;
        return this;
    }

    /// <summary>
    /// Bounds the rank indexes of each shard, by which a query finds the best items without looking at all of them. There is one for each
    /// signal type and cohort that is asked for; the one that was not asked for the longest goes first.
    /// </summary>
    /// <param name="items">How many items each keeps, at least 1; default 4,096. About 32 bytes for each.</param>
    /// <param name="indexes">How many there are, at least 0 for none; default 64.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="SchemaException">There are fewer.</exception>
    public SchemaBuilder RankIndexes(int items = SignalSchema.DefaultRankedItemsMax, int indexes = SignalSchema.DefaultRankIndexesMax)
    {
        if (items is < 1 or > RankedItemsLimit)
            throw new SchemaException($"A rank index cannot keep {items} items; it must be 1 to {RankedItemsLimit}.");
        if (indexes < 0)
            throw new SchemaException($"{indexes} rank indexes cannot be kept; it must be at least 0.");
        (_rankedItemsMax, _rankIndexesMax) = (items, indexes);
        return this;
    }

    /// <summary>Makes the schema.</summary>
    /// <exception cref="SchemaException">No signal type was declared.</exception>
    public SignalSchema Build() =>
        _signals.Count > 0 ? new SignalSchema(_signals, _cohorts, _seenItemsMax, _rankedItemsMax, _rankIndexesMax) : throw new SchemaException("A schema needs at least one signal type.");
}
