using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>The attributes of an item or a user: a last-writer-wins register each. Not safe for use by several threads.</summary>
internal sealed class AttributeSet : ICrdt<AttributeSet>
{
    // A few, in arrays: queries that filter look at one of each item that they come to.
    private readonly SortedList<string, LwwRegister<string>> _values = new(StringComparer.Ordinal);
    private RegionId[] _writers = [];

    /// <summary>Every register that was ever written, in order.</summary>
    public IReadOnlyDictionary<string, LwwRegister<string>> Registers => _values;

    /// <summary>The regions in whose logs there is a record of it, in region order: it counts for each of them.</summary>
    public IReadOnlyList<RegionId> Writers => _writers;

    /// <summary>The value of an attribute, or null.</summary>
    public string? Value(string key) => _values.TryGetValue(key, out var register) ? register.Value : null;

    /// <summary>Merges a write of some attributes.</summary>
    /// <returns>Whether it is the first one in its region's log.</returns>
    public bool Write(IReadOnlyList<Log.AttributeValue> attributes, HlcTimestamp stamp, NodeId node)
    {
        for (var place = 0; place < attributes.Count; place++)
        {
            var (key, value) = attributes[place];
            Take(key, new LwwRegister<string>(value, stamp, node));
        }
        if (Array.IndexOf(_writers, node.Region) >= 0)
            return false;
        _writers = [.. _writers.Append(node.Region).Order()];
        return true;
    }

    /// <inheritdoc/>
    public AttributeSet Merge(AttributeSet other)
    {
        var merged = new AttributeSet { _writers = [.. _writers.Union(other._writers).Order()] };
        foreach (var (key, register) in _values.Concat(other._values))
            merged.Take(key, register);
        return merged;
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        digest.Add(_values.Count);
        foreach (var (key, register) in _values)
        {
            digest.Add(key);
            register.AddTo(digest);
        }
        digest.Add(_writers.Length);
        foreach (var writer in _writers)
            digest.Add(writer.Ordinal);
    }

    /// <summary>Reads a set back.</summary>
    public static AttributeSet Read(StateReader reader)
    {
        var set = new AttributeSet();
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            set._values.Add(reader.ReadString(), LwwRegister<string>.Read(reader, static value => value.ReadString()));
        set._writers = new RegionId[reader.ReadCount(sizeof(long))];
        for (var place = 0; place < set._writers.Length; place++)
            set._writers[place] = reader.ReadRegion();
        return set;
    }

    private void Take(string key, LwwRegister<string> register) =>
        _values[key] = _values.TryGetValue(key, out var held) ? held.Merge(register) : register;
}
