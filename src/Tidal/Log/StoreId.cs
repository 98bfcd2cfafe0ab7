namespace Tidal.Log;

/// <summary>
/// A store's identity: made when the store is, named in its group's log, and never used for another store, so that a replica
/// that comes back with an empty disk is not taken for the one that left (PROTOCOL 1).
/// </summary>
/// <param name="Value">Drawn at random by whoever makes the store.</param>
public readonly record struct StoreId(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"store {Value:X16}";
}
