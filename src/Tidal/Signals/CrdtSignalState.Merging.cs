using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Two copies made one, and what a digest takes.</content>
public sealed partial class CrdtSignalState
{
    /// <summary>
    /// Both copies made one: of each origin the newer part, and of each retraction tried in several regions the attempt that
    /// counts. Nothing is added up.
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
        // After the parts of both: they say which operations need no later attempt any more.
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
            LaterRetractions.AddTo(digest, later, highestEventTimes?[later.Part.Region]);
    }

    /// <summary>Reads a state back.</summary>
    internal static CrdtSignalState Read(StateReader reader, SignalSchema schema, IReadOnlyDictionary<RegionId, long> highestEventTimes)
    {
        var type = schema.Signals[reader.ReadInt32(0, schema.Signals.Count - 1)];
        var state = new CrdtSignalState(type, new CohortScope(reader.ReadInt32(-1), reader.ReadString()));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            state._parts.Add(OriginPart.Read(reader, highestEventTimes));
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            (state._later ??= new LaterRetractions()).Add(LaterRetractions.Read(reader, highestEventTimes));
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

    // A first attempt that is known counts for good; no later one is needed beside it.
    private void TakeLater(in LaterRetraction later)
    {
        var retracted = later.Retracted;
        if (!_parts.Exists(part => part.HasRetracted(retracted)))
            (_later ??= new LaterRetractions()).Add(later);
    }
}
