using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

/// <summary>Which attempt a try carries (PROTOCOL 12).</summary>
public sealed class OperationAttemptsTests
{
    [Fact]
    public void It_counts_the_regions_left_with_a_try_unanswered_or_unknown()
    {
        var attempts = new OperationAttempts();
        Begin(attempts, 0).Should().Be(0);
        Begin(attempts, 0).Should().Be(0, "the region is the same");
        Begin(attempts, 1).Should().Be(1, "the first is unanswered");
        attempts.Ended(Region(1), WriteOutcomeKind.Unknown);
        Begin(attempts, 2).Should().Be(2);
        Begin(attempts, 0).Should().Be(0, "it comes back to where the first try may be");
        Begin(attempts, 1).Should().Be(1);
    }

    [Fact]
    public void A_region_whose_every_try_was_refused_does_not_count()
    {
        var attempts = new OperationAttempts();
        Begin(attempts, 0);
        attempts.Ended(Region(0), WriteOutcomeKind.Refused);
        attempts.MayCount.Should().BeFalse();
        Begin(attempts, 1).Should().Be(0);
        attempts.Ended(Region(1), WriteOutcomeKind.Unknown);
        Begin(attempts, 0).Should().Be(1, "the first attempt is the other region's now");
    }

    [Fact]
    public void A_refusal_after_a_try_that_was_not_refused_changes_nothing()
    {
        var attempts = new OperationAttempts();
        Begin(attempts, 0);
        attempts.Ended(Region(0), WriteOutcomeKind.Unknown);
        Begin(attempts, 0);
        attempts.Ended(Region(0), WriteOutcomeKind.Refused);
        attempts.MayCount.Should().BeTrue();
        Begin(attempts, 1).Should().Be(1);
    }

    [Fact]
    public void What_was_handed_over_with_an_attempt_is_never_sent_with_a_lower_one()
    {
        var attempts = new OperationAttempts(least: 3);
        Begin(attempts, 0).Should().Be(3);
        Begin(attempts, 1).Should().Be(4);
    }

    [Fact]
    public void More_regions_than_an_attempt_can_count_are_not_tried()
    {
        var attempts = new OperationAttempts();
        for (var region = 0; region <= byte.MaxValue; region++)
            Begin(attempts, region).Should().Be((byte)region);
        attempts.TryBegin(Region(256), out _).Should().BeFalse();
        attempts.TryBegin(Region(7), out var held).Should().BeTrue();
        held.Should().Be(7);
    }

    [Fact]
    public void No_two_regions_are_ever_given_the_first_attempt_while_both_may_hold_it() =>
        SeededProperty.HoldsFor(random =>
        {
            var (attempts, mayHold) = (new OperationAttempts(), new Dictionary<int, List<byte>>());
            for (var step = 0; step < 40; step++)
            {
                var region = random.Next(4);
                var attempt = Begin(attempts, region);
                var outcome = (WriteOutcomeKind)random.Next(3);
                attempts.Ended(Region(region), outcome);
                if (outcome != WriteOutcomeKind.Refused)
                    (mayHold.TryGetValue(region, out var held) ? held : mayHold[region] = []).Add(attempt);
            }
            mayHold.Values.Count(held => held.Contains(0)).Should().BeLessThanOrEqualTo(1);
        });

    private static RegionId Region(int number) => new((ushort)number);

    private static byte Begin(OperationAttempts attempts, int region)
    {
        attempts.TryBegin(Region(region), out var attempt).Should().BeTrue();
        return attempt;
    }
}
