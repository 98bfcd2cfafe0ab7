using Tidal.Crdt;
using Tidal.Schema;

namespace Tidal.Tests.Crdt;

public sealed class ClockBoundTests
{
    private const long Noon = 1_700_000_000_000;
    private const long Second = 1_000_000;

    private readonly ClockBound _bound = new();

    [Fact]
    public void With_no_peer_heard_writes_go_on() => _bound.Check(At(0, Noon)).Should().BeNull();

    [Theory]
    [InlineData(500, false)]
    [InlineData(501, true)]
    [InlineData(-500, false)]
    [InlineData(-501, true)]
    public void A_clock_may_be_off_by_the_bound_and_no_more(long ahead, bool refused)
    {
        Hear(peer: 1, Noon);
        var finding = _bound.Check(At(0, Noon + ahead));
        finding.HasValue.Should().Be(refused);
        if (refused)
            finding.Should().Be(new ClockOutOfBound(ahead, PeersOff: 1, PeersHeard: 1, TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public void What_was_heard_more_than_a_second_ago_is_no_measure()
    {
        Hear(peer: 1, Noon + 10_000);
        _bound.Check(At(Second, Noon + 1_000)).Should().NotBeNull();
        _bound.Check(At(Second + 1, Noon + 1_000)).Should().BeNull("nobody was heard within a second");
    }

    [Fact]
    public void A_clock_that_jumps_or_stands_still_is_found_before_the_next_message()
    {
        Hear(peer: 1, Noon);
        _bound.Check(At(Second / 2, Noon + 500)).Should().BeNull();
        _bound.Check(At(Second / 2, Noon + 60_000))!.Value.AheadMilliseconds.Should().Be(59_500);
        _bound.Check(At(Second * 3 / 4, Noon))!.Value.AheadMilliseconds.Should().Be(-750);
    }

    [Fact]
    public void One_clock_that_lies_silences_its_own_node_and_not_the_honest_ones()
    {
        Hear(peer: 1, Noon);
        Hear(peer: 2, Noon + 3_600_000);
        _bound.Check(At(0, Noon)).Should().BeNull("one of two peers agrees");
        _bound.Check(At(0, Noon + 7_200_000))!.Value.Should().Match<ClockOutOfBound>(
            finding => finding.PeersOff == 2 && finding.PeersHeard == 2 && finding.AheadMilliseconds == 3_600_000);
    }

    [Fact]
    public void The_last_word_of_a_peer_counts()
    {
        Hear(peer: 1, Noon + 10_000);
        Hear(peer: 1, Noon);
        _bound.Check(At(0, Noon)).Should().BeNull();
    }

    [Fact]
    public void The_error_tells_how_far_and_from_whom()
    {
        Hear(peer: 1, Noon);
        Hear(peer: 2, Noon + 100);
        var error = new ClockOutOfBoundException(_bound.Check(At(0, Noon - 2_000))!.Value);
        error.Message.Should().Be("The wall clock is 2000 ms behind 2 of the 2 peers heard lately; at most 500 ms are allowed.");
        error.Finding.AheadMilliseconds.Should().Be(-2_000);
    }

    [Fact]
    public void The_bound_is_an_option()
    {
        var strict = new ClockBound(new ClockBoundOptions { DriftMax = TimeSpan.Zero });
        strict.Hear(default, Noon, At(0, Noon));
        strict.Check(At(0, Noon)).Should().BeNull();
        strict.Check(At(0, Noon + 1)).Should().NotBeNull();
    }

    private static ClockReading At(long monotonicMicroseconds, long wall) => new(monotonicMicroseconds, wall);

    private void Hear(byte peer, long wall) => _bound.Hear(new NodeId(default, new ReplicaId(peer)), wall, At(0, Noon));
}
