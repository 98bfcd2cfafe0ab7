using System.Collections;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// The items of a shard by row and by name. A name keeps its row for good; what is known of the item may go. Not safe for use by
/// several threads.
/// </summary>
internal sealed class ItemTable(SignalLedger ledger) : IReadOnlyCollection<ItemState>
{
    private readonly Paged<ItemState?> _states = new(12);

    /// <summary>Every name that was ever seen.</summary>
    public NameTable Names { get; } = new();

    /// <summary>Items of which anything is known.</summary>
    public int Count { get; private set; }

    /// <summary>An item's state, or null when nothing is known of it.</summary>
    public ItemState? Find(ItemId item) => Names.Find(item.Value) is >= 0 and var row ? Find(row) : null;

    /// <summary>An item's state, or null when nothing is known of it.</summary>
    public ItemState? Find(int row) => row < _states.Count ? _states[row] : null;

    /// <summary>An item's state, made if there is none.</summary>
    public ItemState StateOf(ItemId item) => StateOf(Names.RowOf(item.Value));

    /// <summary>An item's state, made if there is none.</summary>
    public ItemState StateOf(int row)
    {
        while (_states.Count <= row)
            _states.Take();
        ref var state = ref _states[row];
        if (state is not null)
            return state;
        Count++;
        return state = new ItemState(new ItemId(Names.TextOf(row)), row, ledger);
    }

    /// <summary>Forgets what is known of an item.</summary>
    public void Remove(ItemState item)
    {
        _states[item.Row] = null;
        Count--;
    }

    /// <inheritdoc/>
    public IEnumerator<ItemState> GetEnumerator()
    {
        for (var row = 0; row < _states.Count; row++)
        {
            if (_states[row] is { } state)
                yield return state;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
