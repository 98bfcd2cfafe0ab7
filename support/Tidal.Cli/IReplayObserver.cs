namespace Tidal.Cli;

/// <summary>Hears how a replay goes. Called on the replay's thread; must not throw.</summary>
internal interface IReplayObserver
{
    /// <summary>The replay has come this far. May be called for every row.</summary>
    /// <param name="fraction">What is done, from 0 to 1.</param>
    /// <param name="virtualTime">The cluster's time.</param>
    void Progress(double fraction, DateTimeOffset virtualTime);

    /// <summary>Something worth a line happened: a fault, an election, a heal.</summary>
    /// <param name="virtualTime">When, by the cluster's time.</param>
    /// <param name="text">What: one line, in any characters.</param>
    void Happened(DateTimeOffset virtualTime, string text);
}
