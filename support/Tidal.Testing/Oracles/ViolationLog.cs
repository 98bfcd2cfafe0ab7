using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>What watches have seen break. Safe for use by several threads.</summary>
/// <param name="topology">The cluster, for names.</param>
internal sealed class ViolationLog(Topology topology)
{
    /// <summary>Violations kept; more are only counted.</summary>
    public const int ViolationsKept = 100;

    private readonly Lock _lock = new();
    private readonly List<InvariantViolation> _violations = [];
    private long _count;

    /// <summary>The violations, in order.</summary>
    public IReadOnlyList<InvariantViolation> Violations
    {
        get
        {
            lock (_lock)
                return _violations.Count == 0 ? [] : [.. _violations];
        }
    }

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Puts one down.</summary>
    public void Add(int invariant, TimeSpan at, Address place, string text)
    {
        lock (_lock)
        {
            _count++;
            if (_violations.Count < ViolationsKept)
                _violations.Add(new InvariantViolation(invariant, at, NameOf(place), text));
        }
    }

    private string NameOf(Address place) => place.IsGateway
        ? $"the gateway of {topology.NameOf(place.Region)}"
        : $"{topology.NameOf(place.Region)}/{place.Shard.Number}, replica {place.Replica.Number}";
}
