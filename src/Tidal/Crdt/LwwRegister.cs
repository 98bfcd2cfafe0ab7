using Tidal.Schema;

namespace Tidal.Crdt;

/// <summary>
/// A last-writer-wins register (Shapiro, Preguiça, Baquero, Zawirski: "A comprehensive study of CRDTs", 2011) under
/// (hybrid logical clock, node). Merging is taking the later write, so it commutes, associates and repeats harmlessly:
/// a node stamps no two writes alike, so equal stamps of one node mean the same write. Immutable.
/// </summary>
/// <typeparam name="T">The value's type; for <see cref="AddTo"/> one that <see cref="StateWriter.AddValue{T}"/> takes.</typeparam>
/// <param name="Value">The value last written.</param>
/// <param name="Stamp">When it was written.</param>
/// <param name="Node">Which node stamped it: breaks a tie of stamps.</param>
public readonly record struct LwwRegister<T>(T Value, HlcTimestamp Stamp, NodeId Node) : ICrdt<LwwRegister<T>>
{
    /// <summary>The later of two writes.</summary>
    /// <param name="other">The other copy.</param>
    public LwwRegister<T> Merge(LwwRegister<T> other) => other.IsLaterThan(this) ? other : this;

    /// <summary>Whether this write is after another one.</summary>
    /// <param name="other">The other write.</param>
    public bool IsLaterThan(LwwRegister<T> other) =>
        Stamp != other.Stamp ? Stamp > other.Stamp : Node.CompareTo(other.Node) > 0;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The digest cannot take a value of this type.</exception>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        digest.AddValue(Value);
        digest.Add(Stamp, Node);
    }

    internal static LwwRegister<T> Read(StateReader reader, Func<StateReader, T> readValue)
    {
        var value = readValue(reader);
        var (stamp, node) = reader.ReadStamp();
        return new LwwRegister<T>(value, stamp, node);
    }
}
