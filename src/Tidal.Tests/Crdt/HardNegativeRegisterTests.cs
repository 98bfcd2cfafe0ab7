using Tidal.Crdt;

namespace Tidal.Tests.Crdt;

public sealed class HardNegativeRegisterTests
{
    [Theory]
    [InlineData(0, 0, false, "nothing was ever said")]
    [InlineData(5, 0, true, "it was hidden")]
    [InlineData(0, 5, false, "an undo alone hides nothing")]
    [InlineData(5, 6, false, "the undo came after the hide")]
    [InlineData(6, 5, true, "it was hidden again")]
    [InlineData(5, 5, true, "a tie is hidden, whoever said which")]
    public void It_hides_while_the_hide_is_not_before_the_undo(ulong hide, ulong undo, bool hidden, string because) =>
        new HardNegativeRegister(new HlcTimestamp(hide), new HlcTimestamp(undo)).IsHidden.Should().Be(hidden, because);

    [Fact]
    public void An_old_hide_that_arrives_late_loses_to_a_later_undo()
    {
        var undone = HardNegativeRegister.OfUndo(new HlcTimestamp(7));
        undone.Merge(HardNegativeRegister.OfHide(new HlcTimestamp(6))).IsHidden.Should().BeFalse();
        undone.Merge(HardNegativeRegister.OfHide(new HlcTimestamp(8))).IsHidden.Should().BeTrue();
    }
}
