namespace Tidal.LivingDocumentation.Report.Features;

/// <summary>A feature, or a text beside the features, cannot be read: it says where, and why. Immutable.</summary>
public sealed class SourceException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="path">The file below the checkout, with slashes.</param>
    /// <param name="line">The line, counted from 1; zero if it is the file as a whole.</param>
    /// <param name="reason">What is wrong there.</param>
    /// <param name="inner">What the parser or the disk said, or null.</param>
    public SourceException(string path, int line, string reason, Exception? inner = null)
        : base(line > 0 ? $"{path}, line {line}: {reason}" : $"{path}: {reason}", inner) =>
        (Path, Line) = (path, line);

    /// <summary>The file below the checkout, with slashes.</summary>
    public string Path { get; }

    /// <summary>The line, counted from 1; zero if it is the file as a whole.</summary>
    public int Line { get; }
}
