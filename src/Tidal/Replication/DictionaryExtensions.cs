namespace Tidal.Replication;

/// <summary>What the parts of a replica do with what they keep by tenant, when it is of no use any more.</summary>
internal static class DictionaryExtensions
{
    /// <summary>Removes the entries for which something is so.</summary>
    public static void RemoveWhere<TKey, TValue>(this IDictionary<TKey, TValue> entries, Func<TKey, TValue, bool> isGone)
    {
        foreach (var key in entries.Where(entry => isGone(entry.Key, entry.Value)).Select(entry => entry.Key).ToList())
            entries.Remove(key);
    }
}
