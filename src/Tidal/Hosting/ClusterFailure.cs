using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>Something that failed in the background of a cluster. Immutable and safe to share between threads.</summary>
/// <param name="Place">The replica, gateway or control plane that it was a failure of; the first two of these stopped with it.</param>
/// <param name="Cause">What was thrown.</param>
/// <param name="NowMicroseconds">When, by the cluster's monotonic time.</param>
public sealed record ClusterFailure(Address Place, Exception Cause, long NowMicroseconds);

/// <summary>A cluster cannot go on as it was asked to, because something failed in its background: the inner exception says what.</summary>
public sealed class ClusterFailedException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What cannot go on.</param>
    /// <param name="failures">Why, the first first; at least one.</param>
    public ClusterFailedException(string message, IReadOnlyList<ClusterFailure> failures)
        : base(message, First(failures).Cause) => Failures = failures;

    /// <summary>Why, the first first.</summary>
    public IReadOnlyList<ClusterFailure> Failures { get; }

    private static ClusterFailure First(IReadOnlyList<ClusterFailure> failures)
    {
        ArgumentNullException.ThrowIfNull(failures);
        ArgumentOutOfRangeException.ThrowIfZero(failures.Count);
        return failures[0];
    }
}
