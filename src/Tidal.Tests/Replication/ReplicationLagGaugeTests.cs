using Tidal.Replication;

namespace Tidal.Tests.Replication;

public sealed class ReplicationLagGaugeTests
{
    private readonly ReplicationLagGauge _gauge = new();

    [Fact]
    public void The_age_is_that_of_the_oldest_batch_outstanding()
    {
        _gauge.Age(50).Should().Be(TimeSpan.Zero);
        _gauge.Committed(10, now: 100);
        _gauge.Committed(20, now: 150);
        _gauge.Age(300).Should().Be(TimeSpan.FromMicroseconds(200));
        _gauge.Acknowledged(15);
        _gauge.Age(300).Should().Be(TimeSpan.FromMicroseconds(150), "part of a batch is not the batch");
        _gauge.Acknowledged(5);
        _gauge.Acknowledged(20);
        _gauge.Age(300).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Beyond_what_is_remembered_the_age_is_never_too_short()
    {
        for (var number = 1; number <= ReplicationLagGauge.CommitsMax + 1_000; number++)
            _gauge.Committed((ulong)number, now: number);
        _gauge.Acknowledged(ReplicationLagGauge.CommitsMax);
        _gauge.Age(100_000).Should().Be(TimeSpan.FromMicroseconds(100_000 - ReplicationLagGauge.CommitsMax - 1));
        _gauge.Acknowledged(ReplicationLagGauge.CommitsMax + 500);
        _gauge.Age(100_000).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMicroseconds(100_000 - ReplicationLagGauge.CommitsMax - 501));
        _gauge.Acknowledged(ReplicationLagGauge.CommitsMax + 1_000);
        _gauge.Age(100_000).Should().Be(TimeSpan.Zero);
        _gauge.Committed(ReplicationLagGauge.CommitsMax + 1_001, now: 99_000);
        _gauge.Age(100_000).Should().Be(TimeSpan.FromMicroseconds(1_000));
    }
}
