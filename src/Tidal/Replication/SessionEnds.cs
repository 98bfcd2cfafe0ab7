using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// How far the sessions of a tenant have ended (PROTOCOL 13). A session ends in a region with a record in its log; once the
/// end of every member region is held, and the whole log of every region that has left, no log will hold more of it: its sets go from every origin, and its id, dense per
/// opening region, joins an interval set of those that are refused for good. A function of the logs held and of the members
/// that the newest table known here has; so of what is forgotten, and of which ids, nothing is in a digest.
/// Not safe for use by several threads.
/// </summary>
internal sealed class SessionEnds(IReadOnlyDictionary<RegionId, OriginLog> origins, Func<SessionMembers> members)
{
    private readonly SortedDictionary<RegionId, NumberSet> _ended = [];

    // Follows from the origins' ends; kept because a primary asks for its own every moment.
    private readonly SortedDictionary<RegionId, SortedSet<SessionId>> _awaited = [];

    /// <summary>Whether a session has ended in every member region, as far as the logs held say.</summary>
    public bool HasEndedEverywhere(SessionId session) => _ended.TryGetValue(session.Region, out var ended) && ended.Contains(session.Number);

    /// <summary>Sessions that have ended in some region and not in this one, in order.</summary>
    public IReadOnlyCollection<SessionId> AwaitedFrom(RegionId region) => _awaited.TryGetValue(region, out var awaited) ? awaited : [];

    /// <summary>A session's end is held of one more origin.</summary>
    public void Ended(SessionId session)
    {
        var (ending, left) = members();
        var open = ending.Where(member => !HasEndedIn(member, session)).ToList();
        foreach (var awaited in _awaited.Values)
            awaited.Remove(session);
        if (open.Count == 0 && ending.Count > 0 && left.All(IsHeld))
            Forget(session);
        foreach (var member in open)
            AwaitedOf(member).Add(session);
    }

    /// <summary>Takes the ends that another copy knows, and decides anew what follows from them and from the origins' logs.</summary>
    public void Resolve(SessionEnds? other = null)
    {
        foreach (var (region, numbers) in other?._ended ?? [])
            EndedOf(region).UnionWith(numbers);
        _awaited.Clear();
        foreach (var session in origins.Values.SelectMany(origin => origin.Operations.Sessions.Keys).Distinct().ToList())
        {
            if (HasEndedEverywhere(session))
                Forget(session);
            else if (origins.Values.Any(origin => origin.Operations.HasEnded(session)))
                Ended(session);
        }
    }

    /// <summary>Adds the ids of the sessions that have ended everywhere.</summary>
    public void AddTo(StateWriter writer) => Add(writer, _ended);

    /// <summary>
    /// Adds to a digest the ids of the sessions that have ended in any region: what a replica has forgotten is among them,
    /// whichever members it knew, so that they stand for it and for what another has not yet forgotten.
    /// </summary>
    /// <returns>Whether a session is among them.</returns>
    public Predicate<SessionId> AddToDigest(StateWriter digest)
    {
        var ended = new SortedDictionary<RegionId, NumberSet>();
        foreach (var (region, numbers) in _ended)
            NumbersOf(ended, region).UnionWith(numbers);
        foreach (var session in origins.Values.SelectMany(origin => origin.Operations.Sessions).Where(pair => pair.Value.HasEnded).Select(pair => pair.Key))
            NumbersOf(ended, session.Region).Add(session.Number);
        Add(digest, ended);
        return session => ended.TryGetValue(session.Region, out var numbers) && numbers.Contains(session.Number);
    }

    /// <summary>Reads the ids back; what follows from the origins' logs comes with <see cref="Resolve"/>.</summary>
    public void ReadFrom(StateReader reader)
    {
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            _ended[reader.ReadRegion()] = NumberSet.Read(reader);
    }

    private bool IsHeld(OriginNumber end) => origins.TryGetValue(end.Origin, out var origin) && origin.Mark.Number >= end.Number;

    private bool HasEndedIn(RegionId region, SessionId session) =>
        origins.TryGetValue(region, out var origin) && origin.Operations.HasEnded(session);

    private void Forget(SessionId session)
    {
        EndedOf(session.Region).Add(session.Number);
        foreach (var origin in origins.Values)
            origin.Operations.Drop(session);
    }

    private static void Add(StateWriter writer, SortedDictionary<RegionId, NumberSet> ended)
    {
        writer.Add(ended.Count);
        foreach (var (region, numbers) in ended)
        {
            writer.Add(region.Ordinal);
            numbers.AddTo(writer);
        }
    }

    private NumberSet EndedOf(RegionId region) => NumbersOf(_ended, region);

    private static NumberSet NumbersOf(SortedDictionary<RegionId, NumberSet> ended, RegionId region)
    {
        if (!ended.TryGetValue(region, out var numbers))
            ended.Add(region, numbers = new NumberSet());
        return numbers;
    }

    private SortedSet<SessionId> AwaitedOf(RegionId region)
    {
        if (!_awaited.TryGetValue(region, out var awaited))
            _awaited.Add(region, awaited = []);
        return awaited;
    }
}
