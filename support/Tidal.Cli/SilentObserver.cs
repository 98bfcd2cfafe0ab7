namespace Tidal.Cli;

/// <summary>Hears and says nothing. Safe for use by several threads.</summary>
internal sealed class SilentObserver : IReplayObserver
{
    /// <summary>The one there is.</summary>
    public static readonly SilentObserver Instance = new();

    private SilentObserver()
    {
    }

    /// <inheritdoc/>
    public void Progress(double fraction, DateTimeOffset virtualTime)
    {
    }

    /// <inheritdoc/>
    public void Happened(DateTimeOffset virtualTime, string text)
    {
    }
}
