using Tidal.Cli;
using Tidal.Query;

namespace Tidal.Testing.Tests.Cli;

public sealed class MissingReasonNamesTests
{
    [Fact]
    public void Every_reason_has_a_name_of_its_own()
    {
        Enum.GetValues<MissingReason>().Select(reason => reason.Key()).Should().OnlyHaveUniqueItems();
        Enum.GetValues<MissingReason>().Select(reason => reason.Words()).Should().OnlyHaveUniqueItems();
        MissingReason.Moved.Key().Should().Be("moved");
    }
}
