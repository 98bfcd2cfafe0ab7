using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Whether everything was to run.</summary>
internal static class RunFilter
{
    /// <summary>What a run is called whose tests were picked in an editor.</summary>
    public const string Picked = "tests picked one by one";

    /// <summary>What a run is called that somebody stopped.</summary>
    public const string Stopped = "stopped before its end";

    /// <summary>The filter of a run; null if everything was to run.</summary>
    public static string? Of(TestRunCriteria criteria)
    {
        if (!string.IsNullOrWhiteSpace(criteria.TestCaseFilter))
            return criteria.TestCaseFilter;
        return criteria.HasSpecificTests ? Picked : null;
    }
}
