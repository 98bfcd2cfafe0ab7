using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Signals;

namespace Tidal.Tests.Placement;

/// <summary>Signals a second, at the gateway: what is too much is refused before anything is sent.</summary>
public sealed class QuotaGatewayTests
{
    private static readonly TenantId Second = new(2);

    private readonly GatewayHarness _gateway = new(regions: 3);

    [Fact]
    public void What_is_too_much_is_refused_at_once_and_with_when_to_retry()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 6));
        Taken().Should().Be(2, "us-east's share of six is two");
        var refused = Signal().Result!;
        (refused.Outcome, refused.Refusal, refused.MayBeRetried).Should().Be((WriteOutcomeKind.Refused, RefusalReason.QuotaExceeded, true));
        refused.Quota.Should().Be(new QuotaProblem(QuotaKind.SignalsPerSecond, 2, TimeSpan.FromMilliseconds(500)));
        refused.Problem.Should().Be(refused.Quota!.ToString());
        _gateway.Take().Should().BeEmpty("nobody else is troubled with it");
        _gateway.Pass(refused.Quota.RetryAfter!.Value);
        Signal().IsCompleted.Should().BeFalse("it is on its way");
    }

    [Fact]
    public void The_share_of_the_gateways_region_counts()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 10) { Shares = [new RegionShare(default, 700), new RegionShare(new RegionId(1), 300)] });
        Taken().Should().Be(7);
        var third = new GatewayHarness(regions: 3, region: 2);
        Allow(new TenantQuotas(SignalsPerSecond: 10) { Shares = [new RegionShare(default, 1000)] }, third);
        var refused = third.Begin(new WriteCall { Record = GatewayHarness.Signal() }).Result!;
        (refused.Quota, refused.MayBeRetried).Should().Be((new QuotaProblem(QuotaKind.SignalsPerSecond, 0, null), false));
    }

    [Fact]
    public void Each_tenant_has_a_rate_of_its_own()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 6));
        Taken().Should().Be(2);
        Taken(Second).Should().Be(100, "it has no quotas");
        Allow(new TenantQuotas(SignalsPerSecond: 9), tenant: Second);
        Taken(Second).Should().Be(3);
    }

    [Fact]
    public void A_retry_of_what_may_be_in_a_log_is_no_new_load()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 3));
        var (call, request) = _gateway.BeginWrite();
        _gateway.Take();
        Signal().Result!.Refusal.Should().Be(RefusalReason.QuotaExceeded);
        _gateway.Answer(new WriteReply { Try = request.Try, Result = WriteResult.Acknowledged });
        var again = _gateway.Begin(call.Retry());
        _gateway.Answer(new WriteReply { Try = _gateway.TakeOne<WriteRequest>().Request.Try, Result = WriteResult.Acknowledged });
        again.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
    }

    [Fact]
    public void A_retry_of_what_was_refused_is()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 3));
        Taken().Should().Be(1);
        var refused = Signal();
        _gateway.Begin(refused.Retry()).Result!.Refusal.Should().Be(RefusalReason.QuotaExceeded);
    }

    [Fact]
    public void Taking_back_is_a_signal_and_hides_and_sessions_and_records_are_none()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 0));
        Refusal(LogRecord.Retraction(default, GatewayHarness.Signal())).Should().Be(RefusalReason.QuotaExceeded);
        Refusal(LogRecord.ForSession(default, default, 0, SessionAction.Open)).Should().BeNull();
        Refusal(LogRecord.ForItem(new OperationId(new SessionId(default, 1), 1), default, 0, new ItemId("item"), default, [])).Should().BeNull();
        Refusal(LogRecord.HardNegative(new OperationId(new SessionId(default, 1), 2), default, 0, Ledger.User, "item", TargetKind.Item, NegativeKind.Hide)).Should().BeNull();
        _gateway.Begin(GatewayHarness.Query()).IsCompleted.Should().BeFalse("it is asked");
    }

    [Fact]
    public void A_newer_table_counts_from_the_next_signal_on()
    {
        Allow(new TenantQuotas(SignalsPerSecond: 3));
        Taken().Should().Be(1);
        Allow(new TenantQuotas(SignalsPerSecond: 3000) { SignalBurst = 30 });
        Signal().Result!.Quota!.Limit.Should().Be(1000);
        _gateway.Pass(TimeSpan.FromSeconds(1));
        Taken().Should().Be(10);
        Allow(null);
        Taken().Should().Be(100);
    }

    private WriteCall Signal(TenantId? tenant = null) =>
        _gateway.Begin(new WriteCall { Tenant = tenant ?? TenantId.First, Record = GatewayHarness.Signal() });

    private RefusalReason? Refusal(LogRecord record) => _gateway.Begin(new WriteCall { Record = record }).Result?.Refusal;

    private int Taken(TenantId? tenant = null)
    {
        var taken = Enumerable.Range(0, 100).Count(_ => Signal(tenant).Result?.Refusal != RefusalReason.QuotaExceeded);
        _gateway.Take();
        return taken;
    }

    private void Allow(TenantQuotas? quotas, GatewayHarness? gateway = null, TenantId? tenant = null)
    {
        var table = (gateway ?? _gateway).Tenants.Table;
        if (table.Find(Second) is null)
            table = table.With(new TenantPlacement(Second, "second", [default]));
        (gateway ?? _gateway).Tenants.Take(table.Replace(table.Find(tenant ?? TenantId.First)! with { Quotas = quotas })).Should().BeTrue();
    }
}
