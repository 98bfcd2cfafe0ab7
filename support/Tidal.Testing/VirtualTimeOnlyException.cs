namespace Tidal.Testing;

/// <summary>Something was asked of a cluster in real time that only a simulated one can do.</summary>
public sealed class VirtualTimeOnlyException : NotSupportedException
{
    /// <summary>Says what.</summary>
    /// <param name="what">What was asked, as the beginning of a sentence.</param>
    public VirtualTimeOnlyException(string what)
        : base($"{what} only in virtual time: this cluster runs on threads, with a real clock. Take a {nameof(SimulatedCluster)}.")
    {
    }
}
