namespace Tidal.LivingDocumentation.Report.Writing;

/// <summary>The document cannot be written, for somebody else has been writing it all the time. Immutable.</summary>
public sealed class DocumentLockedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="path">The lock.</param>
    /// <param name="waited">How long it was waited for.</param>
    /// <param name="inner">What the disk said.</param>
    public DocumentLockedException(string path, TimeSpan waited, Exception inner)
        : base($"The living document was not written: another process has held {path} for {waited.TotalSeconds:0.#} s.", inner) =>
        (Path, Waited) = (path, waited);

    /// <summary>The lock.</summary>
    public string Path { get; }

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Waited { get; }
}
