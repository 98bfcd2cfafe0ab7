using Tidal.Schema;

namespace Tidal.Query;

/// <summary>What one signal type adds to an item's rank.</summary>
/// <param name="Signal">The signal type.</param>
/// <param name="Weight">What one unit of its score or count adds; above 0.</param>
public readonly record struct ProfileTerm(SignalTypeId Signal, double Weight);

/// <summary>
/// A query made ready for the shards: names resolved by the schema, the read time stamped. Every shard evaluates the same
/// plan at the same time. Immutable and safe to share between threads.
/// </summary>
public sealed record RetrievePlan
{
    /// <summary>The item attribute that names an item's creator, for <see cref="MaxPerCreator"/> and <see cref="Hidden"/>.</summary>
    public const string CreatorAttribute = "creator";

    /// <summary>By what the items are ranked.</summary>
    public required RankingProfile Profile { get; init; }

    /// <summary>The signal types that count, in order of the schema.</summary>
    public required IReadOnlyList<ProfileTerm> Terms { get; init; }

    /// <summary>Whose signals count.</summary>
    public required CohortScope Scope { get; init; }

    /// <summary>How far back counts go.</summary>
    public required CountWindow Window { get; init; }

    /// <summary>Attributes that an item must have.</summary>
    public required IReadOnlyList<AttributeFilter> Filters { get; init; }

    /// <summary>Items that are not wanted.</summary>
    public required IReadOnlySet<ItemId> Excluded { get; init; }

    /// <summary>The user for whom the items are meant; null for nobody in particular.</summary>
    public required UserId? User { get; init; }

    /// <summary>Whether only items are wanted that the user has not seen; then there is a user.</summary>
    public required bool Unseen { get; init; }

    /// <summary>What the user is not to be shown: read by the gateway before the shards are asked; nothing until then.</summary>
    public HiddenTargets Hidden { get; init; } = HiddenTargets.None;

    /// <summary>The most items of one creator; null for no bound. Items without a creator, or with an empty one, have no bound.</summary>
    public required int? MaxPerCreator { get; init; }

    /// <summary>The item behind which the answer begins, as the query's cursor holds it; null for the first page.</summary>
    public required RankedItem? After { get; init; }

    /// <summary>The most items wanted.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether every region is asked for the items at home there, or only the asking one.</summary>
    public required ReadScope Read { get; init; }

    /// <summary>The read time, in milliseconds since 1970: stamped once, by the gateway; the later pages of an answer have that of the first.</summary>
    public required long ReadTimeMilliseconds { get; init; }

    /// <summary>Whether items are told apart by who made them.</summary>
    internal bool NeedsCreators => MaxPerCreator is not null || User is not null;

    /// <summary>Makes a query ready.</summary>
    /// <param name="query">The query.</param>
    /// <param name="schema">What the tenant counts.</param>
    /// <param name="readTimeMilliseconds">The read time, in milliseconds since 1970; a cursor brings its own, which goes before it.</param>
    /// <param name="tenant">Whose data is asked for: a cursor of another tenant's answer is refused. Where there is only one, it need not be said.</param>
    /// <exception cref="QuerySemanticException">
    /// The query names a cohort attribute that the schema does not have; asks for what a user has not seen or blocked and names no
    /// user; or its cursor is damaged, of an unknown version, of another query or tenant, or used with <c>DIVERSITY</c>.
    /// </exception>
    public static RetrievePlan Of(RetrieveQuery query, SignalSchema schema, long readTimeMilliseconds, TenantId tenant = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(schema);
        MustNameTheUser(query);
        var scope = ScopeOf(query, schema);
        var cursor = QueryCursor.Of(query, tenant);
        return new RetrievePlan
        {
            Profile = query.Profile,
            Terms = [.. schema.Signals.Where(signal => signal.Weight > 0).Select(signal => new ProfileTerm(signal.Id, signal.Weight))],
            Scope = scope,
            Window = query.Window,
            Filters = [.. query.Filters.OfType<AttributeFilter>()],
            Excluded = query.Excluded.ToHashSet(),
            User = query.ForUser,
            Unseen = query.Filters.OfType<UnseenFilter>().Any(),
            MaxPerCreator = query.MaxPerCreator,
            After = cursor?.Last,
            Limit = query.Limit,
            Read = query.Read,
            ReadTimeMilliseconds = cursor?.ReadTimeMilliseconds ?? readTimeMilliseconds,
        };
    }

    private static void MustNameTheUser(RetrieveQuery query)
    {
        if (query.ForUser is null && query.Filters.FirstOrDefault(filter => filter is UnseenFilter or UnblockedFilter) is { } filter)
            throw new QuerySemanticException(filter.Location, $"FILTER {filter} is used without FOR USER", "FOR USER @id, to say by whom");
    }

    private static CohortScope ScopeOf(RetrieveQuery query, SignalSchema schema)
    {
        if (query.Cohort is not { } cohort)
            return CohortScope.Everyone;
        var attribute = schema.CohortIndex(cohort.Attribute);
        if (attribute >= 0)
            return new CohortScope(attribute, cohort.Value);
        var known = schema.Cohorts.Count == 0 ? "no COHORT: this schema has none" : string.Join(" or ", schema.Cohorts);
        throw new QuerySemanticException(cohort.Location, $"There is no cohort attribute '{cohort.Attribute}'", known);
    }
}
