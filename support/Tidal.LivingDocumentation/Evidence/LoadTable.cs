using Tidal.LivingDocumentation.Records;
using Tidal.Testing.RealTime;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>What was measured of a load, as a table.</summary>
internal static class LoadTable
{
    /// <summary>The table; null where nothing was measured.</summary>
    public static Table? Of(MeasuredLoad? load) => load is null
        ? null
        : new Table("What was measured", "The load that was offered and what became of it.", ["what", "how much"], [.. load.Rows().Select(IReadOnlyList<string> (row) => [row.What, row.Value])]);
}
