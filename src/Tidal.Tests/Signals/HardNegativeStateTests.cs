using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Tests.Signals;

public sealed class HardNegativeStateTests
{
    private static readonly UserId Ana = new("ana");

    [Fact]
    public void Whoever_was_never_heard_of_hides_nothing()
    {
        var state = new Ledger().State;
        state.IsHidden(Ana, TargetKind.Item, "song").Should().BeFalse();
        state.HiddenBy(Ana).Should().BeEmpty();
        state.HardNegativesOf(Ana).Should().BeEmpty();
    }

    [Fact]
    public void A_hide_is_for_one_user_one_kind_of_target_and_one_target()
    {
        var state = new Ledger().Take(Negative(5, "song")).State;
        state.IsHidden(Ana, TargetKind.Item, "song").Should().BeTrue();
        state.IsHidden(Ana, TargetKind.Item, "Song").Should().BeFalse();
        state.IsHidden(Ana, TargetKind.Creator, "song").Should().BeFalse();
        state.IsHidden(Ledger.User, TargetKind.Item, "song").Should().BeFalse();
    }

    [Fact]
    public void Undoing_one_kind_leaves_the_others()
    {
        var ledger = new Ledger().Take(Negative(5, "band", TargetKind.Creator, NegativeKind.Mute))
            .Take(Negative(6, "band", TargetKind.Creator, NegativeKind.Block))
            .Take(Negative(7, "band", TargetKind.Creator, NegativeKind.Mute, isUndo: true));
        ledger.State.IsHidden(Ana, TargetKind.Creator, "band").Should().BeTrue();
        ledger.State.HiddenBy(Ana).Should().Equal(new HardNegativeTarget(TargetKind.Creator, "band", NegativeKind.Block));
        ledger.State.HardNegativesOf(Ana).Should().HaveCount(2, "what was undone is remembered");
        ledger.Take(Negative(8, "band", TargetKind.Creator, NegativeKind.Block, isUndo: true));
        ledger.State.IsHidden(Ana, TargetKind.Creator, "band").Should().BeFalse();
    }

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(5, 6, false)]
    [InlineData(6, 5, true)]
    public void Stamps_decide_and_not_the_order_of_arrival(ulong hide, ulong undo, bool hidden)
    {
        var (hiding, undoing) = (Negative(hide, "song"), Negative(undo, "song", isUndo: true));
        var (one, other) = (new Ledger().Take(hiding).Take(undoing, 1), new Ledger().Take(undoing, 1).Take(hiding));
        one.State.IsHidden(Ana, TargetKind.Item, "song").Should().Be(hidden);
        other.State.IsHidden(Ana, TargetKind.Item, "song").Should().Be(hidden);
        one.Digest().Should().Be(other.Digest());
    }

    [Fact]
    public void What_a_user_hides_is_enumerated_in_canonical_order()
    {
        var ledger = new Ledger();
        foreach (var target in new[] { "b", "a", "c" })
            ledger.Take(Negative(5, target)).Take(Negative(5, target, TargetKind.Creator));
        ledger.State.HiddenBy(Ana).Select(hidden => $"{hidden.TargetKind} {hidden.Target}")
            .Should().Equal("Item a", "Item b", "Item c", "Creator a", "Creator b", "Creator c");
    }

    [Fact]
    public void Whatever_it_says_shows_in_the_digest()
    {
        string[] digests =
        [
            new Ledger().Digest(),
            new Ledger().Take(Negative(5, "a")).Digest(),
            new Ledger().Take(Negative(6, "a")).Digest(),
            new Ledger().Take(Negative(5, "b")).Digest(),
            new Ledger().Take(Negative(5, "a", isUndo: true)).Digest(),
            new Ledger().Take(Negative(5, "a", TargetKind.Creator)).Digest(),
            new Ledger().Take(Negative(5, "a", kind: NegativeKind.Block)).Digest(),
            new Ledger().Take(Negative(5, "a") with { User = Ledger.User }).Digest(),
        ];
        digests.Should().OnlyHaveUniqueItems();
    }

    private static LogRecord Negative(
        ulong stamp, string target, TargetKind targetKind = TargetKind.Item, NegativeKind kind = NegativeKind.Hide, bool isUndo = false) =>
        LogRecord.HardNegative(default, new HlcTimestamp(stamp), Ledger.Noon, Ana, target, targetKind, kind, isUndo);
}
