namespace Tidal.Testing.Faults;

/// <summary>A fault of a cluster: begins when it is made, ends when it is disposed.</summary>
public interface IFault : IDisposable
{
    /// <summary>What it does, in words.</summary>
    string Description { get; }
}
