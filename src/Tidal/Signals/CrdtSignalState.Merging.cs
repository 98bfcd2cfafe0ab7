using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Two copies made one, and what a digest takes.</content>
public sealed partial class CrdtSignalState
{
    /// <summary>
    /// Both copies made one: of each origin the newer part, and of what was tried in several regions the lowest attempt.
    /// Nothing is added up. That a later attempt does not count, because the first is in a part, is not known here but where
    /// the operations of the logs are: <see cref="TenantState.ResolveLater"/> sees to it.
    /// </summary>
    /// <param name="other">A copy of the same signal type and cohort.</param>
    /// <exception cref="ArgumentException">The other is of another signal type or cohort.</exception>
    public CrdtSignalState Merge(CrdtSignalState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Type.Id != Type.Id || other.Scope != Scope)
            throw new ArgumentException($"{other.Type.Name} in {other.Scope} is no copy of {Type.Name} in {Scope}.", nameof(other));
        var merged = new CrdtSignalState(Type, Scope);
        merged.TakeParts(this);
        merged.TakeParts(other);
        merged.TakeLater(this);
        merged.TakeLater(other);
        return merged;
    }

    /// <inheritdoc/>
    public void AddTo(StateWriter digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        AddTo(digest, null);
    }

    /// <summary>Adds the state to a digest, with the window slots that are live as of the event times given.</summary>
    internal void AddTo(StateWriter digest, IReadOnlyDictionary<RegionId, long>? highestEventTimes)
    {
        digest.Add(Type.Id.Number);
        digest.Add(Scope.Attribute);
        digest.Add(Scope.Value);
        digest.Add(_parts.Count);
        foreach (var part in _parts)
            part.AddTo(digest, highestEventTimes?[part.Region]);
        digest.Add(Later.Count);
        foreach (var later in Later)
            LaterAttempts.AddTo(digest, later, highestEventTimes?[later.Alone.Region]);
    }

    /// <summary>Drops later attempts that turn out not to count.</summary>
    internal void Void(Predicate<LaterAttempt> isVoid)
    {
        foreach (var later in Later.Where(later => isVoid(later)).ToList())
            _later!.Remove(later.Identity);
    }

    /// <summary>Reads a state back.</summary>
    internal static CrdtSignalState Read(StateReader reader, SignalSchema schema, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        var type = schema.Signals[reader.ReadInt32(0, schema.Signals.Count - 1)];
        var state = new CrdtSignalState(type, new CohortScope(reader.ReadInt32(-1), reader.ReadString()));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state._parts.Add(OriginPart.Read(reader, highestEventTimes));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state.TakeLater(LaterAttempts.Read(reader, highestEventTimes));
        return state;
    }

    private void TakeParts(CrdtSignalState copy)
    {
        foreach (var part in copy._parts)
        {
            var place = PlaceOf(part.Region);
            if (place < _parts.Count && _parts[place].Region == part.Region)
                _parts[place] = _parts[place].Merge(part);
            else
                _parts.Insert(place, part.Copy());
        }
    }

    private void TakeLater(CrdtSignalState copy)
    {
        foreach (var later in copy.Later)
            TakeLater(later);
    }

    private void TakeLater(in LaterAttempt later) => (_later ??= new LaterAttempts()).Add(later);
}
