using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.History;

/// <summary>What kind of thing a line written in words tells of.</summary>
public enum HistorySort
{
    /// <summary>What somebody orders, or did.</summary>
    Order,

    /// <summary>Something stops, and may come back.</summary>
    Stop,

    /// <summary>Messages are lost, held up or doubled for a time.</summary>
    Network,

    /// <summary>Wall clocks lie for a time.</summary>
    Clock,
}

/// <summary>
/// What a line written in words is about, for who draws it. Follows from the line's text and is no part of the history's hash. Immutable.
/// </summary>
/// <param name="Sort">What kind of thing it tells of.</param>
/// <param name="Regions">The regions concerned; none for the whole cluster.</param>
public sealed record HistoryScope(HistorySort Sort, IReadOnlyList<RegionId> Regions)
{
    /// <summary>The one replica that it is about, or with an order one of the shard that it is about; null for more, or none.</summary>
    public Address? Replica { get; init; }

    /// <summary>An order that concerns no region above others.</summary>
    public static HistoryScope Order { get; } = new(HistorySort.Order, []);
}
