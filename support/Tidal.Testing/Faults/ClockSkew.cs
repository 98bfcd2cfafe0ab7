namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: wall clocks are off by a constant, of any size and either way, from the moment it is made to its
/// disposal. The cluster must lose nothing and count nothing twice, order what follows from each other rightly, and fail
/// over as fast as ever. A node whose clock is off from most of its peers' by more than the bound may refuse clients' writes.
/// </summary>
public sealed class ClockSkew : ClockFault
{
    private readonly TimeSpan _ahead;

    /// <summary>Lets clocks be off.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="struck">Whose clocks.</param>
    /// <param name="ahead">How far ahead; negative for behind.</param>
    public ClockSkew(SimulatedCluster cluster, StruckClocks struck, TimeSpan ahead)
        : base(cluster, struck, $"is {Words(ahead)}", $"are {Words(ahead)}") => Move(_ahead = ahead);

    private protected override void End() => Move(-_ahead);
}
