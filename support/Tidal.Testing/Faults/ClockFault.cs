using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.Simulation;

namespace Tidal.Testing.Faults;

/// <summary>Whose wall clocks a fault strikes. Immutable.</summary>
public sealed class StruckClocks
{
    private StruckClocks(Address place, RegionId region, string words, IReadOnlyList<WallClock> clocks)
    {
        Place = place;
        Scope = new HistoryScope(HistorySort.Clock, [region]);
        Words = words;
        Clocks = clocks;
    }

    internal Address Place { get; }

    internal HistoryScope Scope { get; }

    internal string Words { get; }

    /// <summary>Whether it is one clock alone: the words for what it does follow that.</summary>
    internal bool IsOne => Clocks.Count == 1;

    internal IReadOnlyList<WallClock> Clocks { get; }

    /// <summary>All clocks of a region: those of its nodes and its gateway's.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="region">The region.</param>
    public static StruckClocks Of(SimulatedCluster cluster, RegionId region)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new StruckClocks(default, region, $"the clocks in {cluster.Topology.NameOf(region)}", [.. cluster.World.Clocks.Of(region)]);
    }

    /// <summary>The clock of one node.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    public static StruckClocks Of(SimulatedCluster cluster, NodeId node)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new StruckClocks(
            Address.OfNode(node), node.Region, $"the clock of node {node.Replica.Number} in {cluster.Topology.NameOf(node.Region)}", [.. cluster.World.Clocks.Of(node)]);
    }
}

/// <summary>
/// A fault of wall clocks: what it does begins when it is made and ends, once, when it is disposed: then the clocks are
/// right again, with a jump. Monotonic clocks, and so timers, are never struck. Faults of one clock add up. Not safe for use
/// by several threads.
/// </summary>
public abstract class ClockFault : IFault
{
    private readonly StruckClocks _struck;

    private protected ClockFault(SimulatedCluster cluster, StruckClocks struck, string oneDoes, string manyDo)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(struck);
        _struck = struck;
        Cluster = cluster;
        Description = $"{struck.Words} {(struck.IsOne ? oneDoes : manyDo)}";
        cluster.WriteFault(HistoryKind.FaultBegan, struck.Place, Description, struck.Scope);
    }

    /// <inheritdoc/>
    public string Description { get; }

    private protected SimulatedCluster Cluster { get; }

    private protected bool IsOver { get; private set; }

    private protected IReadOnlyList<WallClock> Clocks => _struck.Clocks;

    /// <summary>Ends the fault.</summary>
    public void Dispose()
    {
        if (IsOver)
            return;
        IsOver = true;
        End();
        Cluster.WriteFault(HistoryKind.FaultEnded, _struck.Place, Description, _struck.Scope);
        GC.SuppressFinalize(this);
    }

    private protected void Move(TimeSpan by)
    {
        foreach (var clock in Clocks)
            clock.AheadMilliseconds += (long)by.TotalMilliseconds;
    }

    private protected abstract void End();

    private protected static string Words(TimeSpan by) =>
        FormattableString.Invariant($"{Math.Abs(by.TotalMilliseconds)} ms {(by < TimeSpan.Zero ? "behind" : "ahead")}");
}
