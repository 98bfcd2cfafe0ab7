namespace Tidal.Schema;

/// <summary>
/// The base of every error that Tidal throws. Expected outcomes (a write that was refused, an answer that is degraded)
/// are results, not exceptions. Immutable and safe to share between threads.
/// </summary>
public abstract class TidalException : Exception
{
    /// <summary>Makes an error with its message.</summary>
    /// <param name="message">What was wrong, where, and what was expected.</param>
    protected TidalException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with its message and cause.</summary>
    /// <param name="message">What was wrong, where, and what was expected.</param>
    /// <param name="innerException">What brought it about.</param>
    protected TidalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
