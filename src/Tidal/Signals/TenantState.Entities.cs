using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Items and users with records: of each region's log how many it has, for quotas.</content>
public sealed partial class TenantState
{
    // Follows from the items and users; kept because every write of a record asks.
    private readonly SortedDictionary<RegionId, long> _entities = [];

    /// <summary>Items and users that a region's log has records of.</summary>
    /// <param name="origin">The region.</param>
    public long EntitiesOf(RegionId origin) => _entities.GetValueOrDefault(origin);

    /// <summary>Whether a region's log has a record of an item.</summary>
    /// <param name="origin">The region.</param>
    /// <param name="item">The item.</param>
    public bool HasEntity(RegionId origin, ItemId item) => Find(item)?.Writers.Contains(origin) == true;

    /// <summary>Whether a region's log has a record of a user.</summary>
    /// <param name="origin">The region.</param>
    /// <param name="user">The user.</param>
    public bool HasEntity(RegionId origin, UserId user) => _users.GetValueOrDefault(user)?.Writers.Contains(origin) == true;

    private void CountEntity(bool isNew, NodeId writer)
    {
        if (isNew)
            _entities[writer.Region] = EntitiesOf(writer.Region) + 1;
    }

    private void CountEntities()
    {
        foreach (var writer in _items.SelectMany(item => item.Writers).Concat(_users.Values.SelectMany(user => user.Writers)))
            _entities[writer] = EntitiesOf(writer) + 1;
    }
}
