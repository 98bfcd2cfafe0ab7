using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>
/// What a user does not want to be shown: items, and creators with all that they have made. How it was wanted gone (hidden,
/// muted, blocked) makes no difference to a list. Immutable and safe to share between threads.
/// </summary>
public sealed class HiddenTargets
{
    /// <summary>Nothing.</summary>
    public static readonly HiddenTargets None = new([]);

    private readonly HashSet<ItemId> _items = [];
    private readonly HashSet<string> _creators = new(StringComparer.Ordinal);

    /// <summary>Holds what is hidden.</summary>
    /// <param name="hidden">The targets; one may be named by several kinds.</param>
    public HiddenTargets(IEnumerable<HardNegativeTarget> hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        foreach (var target in hidden)
        {
            if (target.TargetKind == TargetKind.Item)
                _items.Add(new ItemId(target.Target));
            else
                _creators.Add(target.Target);
        }
    }

    /// <summary>Whether nothing is hidden.</summary>
    public bool IsEmpty => _items.Count == 0 && _creators.Count == 0;

    /// <summary>Whether an item must not be shown.</summary>
    /// <param name="item">The item.</param>
    /// <param name="creator">Who made it; null for nobody.</param>
    public bool Hides(ItemId item, string? creator) =>
        _items.Contains(item) || (creator is not null && _creators.Contains(creator));
}
