using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>The attributes of an item or a user: a last-writer-wins register each. Not safe for use by several threads.</summary>
internal sealed class AttributeSet : ICrdt<AttributeSet>
{
    private readonly SortedDictionary<string, LwwRegister<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Every register that was ever written, in order.</summary>
    public IReadOnlyDictionary<string, LwwRegister<string>> Registers => _values;

    /// <summary>The value of an attribute, or null.</summary>
    public string? Value(string key) => _values.TryGetValue(key, out var register) ? register.Value : null;

    /// <summary>Merges a write of some attributes.</summary>
    public void Write(IReadOnlyList<Log.AttributeValue> attributes, HlcTimestamp stamp, NodeId node)
    {
        for (var place = 0; place < attributes.Count; place++)
        {
            var (key, value) = attributes[place];
            Take(key, new LwwRegister<string>(value, stamp, node));
        }
    }

    /// <inheritdoc/>
    public AttributeSet Merge(AttributeSet other)
    {
        var merged = new AttributeSet();
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
    }

    /// <summary>Reads a set back.</summary>
    public static AttributeSet Read(StateReader reader)
    {
        var set = new AttributeSet();
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            set._values.Add(reader.ReadString(), LwwRegister<string>.Read(reader, static value => value.ReadString()));
        return set;
    }

    private void Take(string key, LwwRegister<string> register) =>
        _values[key] = _values.TryGetValue(key, out var held) ? held.Merge(register) : register;
}
