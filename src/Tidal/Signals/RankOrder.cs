namespace Tidal.Signals;

/// <summary>By what an index orders items.</summary>
internal enum RankOrder
{
    /// <summary>By the decayed sum of one signal type in one scope: for one half-life the order is the same at every time.</summary>
    Score,

    /// <summary>By the all-time count of one signal type in one scope.</summary>
    Count,

    /// <summary>By when the item's first record was stamped.</summary>
    Created,
}
