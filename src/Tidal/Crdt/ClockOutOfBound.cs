using System.Globalization;
using Tidal.Schema;

namespace Tidal.Crdt;

/// <summary>How a node's wall clock was found to be off from its peers' by more than the bound. Immutable.</summary>
/// <param name="AheadMilliseconds">How far it is ahead of the nearest peer that disagrees; negative when it is behind.</param>
/// <param name="PeersOff">How many of the peers heard lately disagree.</param>
/// <param name="PeersHeard">How many peers were heard lately.</param>
/// <param name="DriftMax">The bound.</param>
public readonly record struct ClockOutOfBound(long AheadMilliseconds, int PeersOff, int PeersHeard, TimeSpan DriftMax)
{
    /// <summary>The finding as a sentence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"The wall clock is {Math.Abs(AheadMilliseconds)} ms {(AheadMilliseconds < 0 ? "behind" : "ahead of")} {PeersOff} of the {PeersHeard} peers heard lately; at most {DriftMax.TotalMilliseconds} ms are allowed.");
}

/// <summary>
/// A client write was refused because the wall clock of the node that should take it is off: what the node stamps would
/// outrank, or lose to, what happened at other times elsewhere. The write was not accepted and may be sent again.
/// Immutable and safe to share between threads.
/// </summary>
public sealed class ClockOutOfBoundException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="finding">How the clock was found to be off.</param>
    public ClockOutOfBoundException(ClockOutOfBound finding)
        : base(finding.ToString()) => Finding = finding;

    /// <summary>How the clock was found to be off.</summary>
    public ClockOutOfBound Finding { get; }
}
