using Tidal.Schema;

namespace Tidal.Log;

/// <summary>Which of the records that may name an operation one is: each kind is looked for, and counts, by itself.</summary>
public enum IdentityKind : byte
{
    /// <summary>The operation's own record: a signal, an item, a user's attributes, a hard negative.</summary>
    Write,

    /// <summary>The retraction of the operation (PROTOCOL 15).</summary>
    Retraction,

    /// <summary>The opening of the operation's session.</summary>
    Opening,

    /// <summary>The end of the operation's session.</summary>
    End,
}

/// <summary>
/// By what a record is known again, in whatever log and however often it is written: the operation it is about, and what it
/// is to it. A retraction has no operation of its own: its identity is that of what it takes back.
/// </summary>
/// <param name="Operation">The operation; of a session's records (session, 0).</param>
/// <param name="Kind">What the record is to it.</param>
public readonly record struct RecordIdentity(OperationId Operation, IdentityKind Kind) : IComparable<RecordIdentity>
{
    /// <summary>The session that the record belongs to.</summary>
    public SessionId Session => Operation.Session;

    /// <summary>Whether it is a retraction.</summary>
    public bool IsRetraction => Kind == IdentityKind.Retraction;

    /// <inheritdoc/>
    public int CompareTo(RecordIdentity other) =>
        Operation != other.Operation ? Operation.CompareTo(other.Operation) : Kind.CompareTo(other.Kind);

    /// <inheritdoc/>
    public override string ToString() => Kind == IdentityKind.Write ? $"{Operation}" : $"{Kind} of {Operation}";
}
