using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Query;

/// <summary>How far one rank index was read for a plan, and what it leaves possible. Not safe for use by several threads.</summary>
internal sealed class RankCursor
{
    private readonly RankHeads _heads = new();
    private RankIndex? _index;
    private double _weight;
    private long _readTimeMilliseconds;

    /// <summary>What an item that this index has not come to adds to its score at most.</summary>
    public double Most { get; private set; }

    /// <summary>Whether nothing is left to read: what there is beyond, the index does not hold.</summary>
    public bool IsAtEnd => _heads.IsEmpty;

    /// <summary>Whether a score by this index alone is exact: no two counts, times a whole weight, round to the same.</summary>
    public bool IsExact => _index!.Order != RankOrder.Score && double.IsInteger(_weight);

    /// <summary>
    /// The id below which nothing is that adds as much as <see cref="Most"/> and that the index has not come to. Null where that
    /// is nothing of the kind.
    /// </summary>
    public ItemId? LowestOfMost => IsAtEnd ? _index!.ThresholdItem : _heads.NextItem.Item;

    /// <summary>Begins with the best of an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="weight">What one unit of what it orders by adds to a score.</param>
    /// <param name="readTimeMilliseconds">The read time, in milliseconds since 1970.</param>
    public void Begin(RankIndex index, double weight, long readTimeMilliseconds)
    {
        (_index, _weight, _readTimeMilliseconds) = (index, weight, readTimeMilliseconds);
        _heads.Begin(index);
        FindMost();
    }

    /// <summary>The next best item.</summary>
    public ItemState Read()
    {
        var item = _heads.NextItem;
        _heads.Skip();
        FindMost();
        return item;
    }

    /// <summary>Lets go of the index.</summary>
    public void End()
    {
        _heads.End();
        _index = null;
    }

    private void FindMost()
    {
        var key = IsAtEnd ? _index!.ThresholdKey : _heads.NextKey;
        Most = _weight * RankKey.MostOf(key, _index!.Order, _readTimeMilliseconds, _index.Type?.HalfLifeMilliseconds ?? 0);
    }
}
