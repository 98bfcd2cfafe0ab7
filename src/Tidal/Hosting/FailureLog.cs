using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// What has failed in the background: until it is mended, and for the regions that it leaves without what their calls need. Safe for
/// use by several threads.
/// </summary>
internal sealed class FailureLog(Topology topology)
{
    /// <summary>The most failures that are kept: the first say why, and there is no end to a callback that throws.</summary>
    private const int KeptMax = 256;

    private readonly Lock _lock = new();
    private readonly List<ClusterFailure> _failures = [];
    private readonly HashSet<ClusterFailure> _told = [];
    private readonly IReadOnlyList<ClusterFailure>?[] _fatal = new IReadOnlyList<ClusterFailure>?[topology.RegionCount];

    /// <summary>What was not mended yet, the first first.</summary>
    public IReadOnlyList<ClusterFailure> All
    {
        get
        {
            lock (_lock)
                return [.. _failures];
        }
    }

    /// <summary>What nobody was told of yet.</summary>
    public IReadOnlyList<ClusterFailure> Untold
    {
        get
        {
            lock (_lock)
                return [.. _failures.Where(failure => !_told.Contains(failure))];
        }
    }

    /// <summary>Keeps a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="stops">Whether the place has stopped with it.</param>
    public void Add(ClusterFailure failure, bool stops)
    {
        lock (_lock)
        {
            if (_failures.Count >= KeptMax && !stops)
                return;
            _failures.Add(failure);
            if (stops)
                _stopped[failure.Place] = failure;
            Judge(failure.Place.Region);
        }
    }

    /// <summary>A place has been started again.</summary>
    public void Mended(Address place)
    {
        lock (_lock)
        {
            if (!_stopped.Remove(place))
                return;
            _failures.RemoveAll(failure => failure.Place == place);
            Judge(place.Region);
        }
    }

    /// <summary>Throws if a region lacks what its calls need, because of failures.</summary>
    /// <exception cref="ClusterFailedException">It does.</exception>
    public void MustServe(RegionId region)
    {
        if (Volatile.Read(ref _fatal[region.Ordinal]) is not { } failures)
            return;
        Told(failures);
        throw new ClusterFailedException(
            $"{topology.NameOf(region)} cannot go on: {string.Join("; ", failures.Select(failure => $"{failure.Place}: {failure.Cause.Message}"))}", failures);
    }

    /// <summary>Somebody was told.</summary>
    public void Told(IReadOnlyList<ClusterFailure> failures)
    {
        lock (_lock)
            _told.UnionWith(failures);
    }

    private readonly Dictionary<Address, ClusterFailure> _stopped = [];

    private void Judge(RegionId region)
    {
        var down = _failures.Where(failure => failure.Place.Region == region && _stopped.GetValueOrDefault(failure.Place) == failure).ToList();
        var fatal = down.Where(failure => failure.Place.IsGateway).ToList();
        foreach (var group in down.Where(failure => !failure.Place.IsGateway && !failure.Place.IsControlPlane).GroupBy(failure => failure.Place.Shard))
        {
            if (topology.ReplicaCount - group.Count() < topology.Quorum)
                fatal.AddRange(group);
        }
        Volatile.Write(ref _fatal[region.Ordinal], fatal.Count > 0 ? fatal : null);
    }
}
