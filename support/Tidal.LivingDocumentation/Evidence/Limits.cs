namespace Tidal.LivingDocumentation.Drawing;

/// <summary>The limits of the acceptance text.</summary>
internal static class Limits
{
    /// <summary>What one region accepts every other has within so many seconds, 99 of 100.</summary>
    public const double LagSeconds = 2;

    /// <summary>Of that our own code may take so many milliseconds.</summary>
    public const double OwnLagMilliseconds = 100;

    /// <summary>A shard whose primary crashed has another within so many seconds.</summary>
    public const double FailoverSeconds = 10;

    /// <summary>Signals accepted a second.</summary>
    public const double SignalsPerSecond = 25_000;

    /// <summary>Scores match the formula to six decimals.</summary>
    public const double ScoreError = 0.0000005;
}
