using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Tests.Crdt;

public sealed class LwwRegisterTests
{
    [Fact]
    public void The_later_stamp_wins_and_of_equal_ones_the_higher_node()
    {
        var early = Written(1, region: 3, replica: 3);
        var late = Written(2, region: 0, replica: 0);
        early.Merge(late).Should().Be(late);
        Written(1, 0, 2).Merge(Written(1, 1, 0)).Should().Be(Written(1, 1, 0));
        Written(1, 0, 2).Merge(Written(1, 0, 1)).Should().Be(Written(1, 0, 2));
        early.IsLaterThan(early).Should().BeFalse();
    }

    [Fact]
    public void Values_of_the_types_that_are_kept_have_a_digest_each()
    {
        string[] digests =
        [
            Digest("1"), Digest(1L), Digest(1.0), Digest(ulong.MaxValue), Digest(new RegionId(2)), Digest((byte)3), Digest((ushort)4), Digest(5),
        ];
        digests.Should().OnlyHaveUniqueItems();
        FluentActions.Invoking(() => Digest(DateTime.UnixEpoch)).Should().Throw<NotSupportedException>().WithMessage("*DateTime*");
    }

    [Fact]
    public void A_counter_reads_what_is_left_and_never_less_than_nothing()
    {
        default(PNCounter).Plus(5, 0).Plus(1, 2).Should().Be(new PNCounter(6, 2));
        new PNCounter(6, 2).Value.Should().Be(4);
        new PNCounter(2, 6).Value.Should().Be(0);
    }

    private static string Digest<T>(T value) => MergeLaws.Digest(new LwwRegister<T>(value, new HlcTimestamp(1), default));

    // A node stamps no two writes alike, so stamp and node tell the value.
    private static LwwRegister<string> Written(ulong stamp, ushort region, byte replica) =>
        new($"{stamp}.{region}.{replica}", new HlcTimestamp(stamp), new NodeId(new RegionId(region), new ReplicaId(replica)));
}
