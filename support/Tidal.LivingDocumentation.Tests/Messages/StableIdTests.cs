using Tidal.LivingDocumentation.Report.Messages;

namespace Tidal.LivingDocumentation.Tests.Messages;

public sealed class StableIdTests
{
    [Fact]
    public void Parts_do_not_run_together()
    {
        StableId.Of("ab", "c").Should().NotBe(StableId.Of("a", "bc")).And.NotBe(StableId.Of("abc"));
        StableId.Of("1:a", "").Should().NotBe(StableId.Of("a", "0:"));
    }

    [Fact]
    public void The_same_parts_have_the_same_id_in_every_run()
    {
        StableId.Of("features/a.feature", "scenario", "3", "5").Should().Be("f601df32-7a1c-8085-8b0e-2ff9251aa838");
    }
}
