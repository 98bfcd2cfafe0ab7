namespace Tidal.Testing.Faults;

/// <summary>
/// The fault contract: wall clocks stand still from the moment it is made to its disposal, however long. Stamps must go on
/// growing all the same; else the cluster must keep what it must keep under a <see cref="ClockSkew"/>.
/// </summary>
public sealed class ClockFreeze : ClockFault
{
    /// <summary>Lets clocks stand still.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="struck">Whose clocks.</param>
    public ClockFreeze(SimulatedCluster cluster, StruckClocks struck)
        : base(cluster, struck, "stands still", "stand still")
    {
        foreach (var clock in Clocks)
            cluster.World.Clocks.Hold(clock);
    }

    private protected override void End()
    {
        foreach (var clock in Clocks)
            clock.Holds--;
    }
}
