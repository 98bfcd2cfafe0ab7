using Tidal.Schema;

namespace Tidal.Tests.Schema;

/// <summary>How a tenant's quotas are split among regions and shards.</summary>
public sealed class TenantQuotasTests
{
    private static readonly Topology Cluster = new(["a", "b", "c"], shards: 5, replicas: 1);

    [Fact]
    public void Regions_have_equal_shares_that_add_up_to_the_whole()
    {
        var quotas = new TenantQuotas(SignalsPerSecond: 100, Entities: 100, Bytes: 1_000_000);
        Cluster.Regions.Select(region => quotas.SignalsPerSecondIn(region, Cluster)).Should().Equal(33, 33, 34);
        Cluster.Shards.Select(shard => quotas.EntitiesIn(new RegionId(2), shard, Cluster)).Should().Equal(6, 7, 7, 7, 7);
        Cluster.Shards.Sum(shard => quotas.BytesIn(default, shard, Cluster)).Should().Be(333_333);
    }

    [Fact]
    public void Named_shares_add_up_to_no_more_than_the_whole_whatever_it_is() => SeededProperty.HoldsFor(random =>
    {
        var first = random.Next(1001);
        var shares = new[] { new RegionShare(new RegionId(2), first), new RegionShare(default, random.Next(1001 - first)) };
        var amount = random.Chance(0.1) ? long.MaxValue : random.Next(100_000);
        var quotas = new TenantQuotas(amount, amount, amount) { Shares = shares };
        quotas.Problem.Should().BeNull();
        var perRegion = Cluster.Regions.Select(region => quotas.SignalsPerSecondIn(region, Cluster)!.Value).ToList();
        ((Int128)perRegion[0] + perRegion[1] + perRegion[2] <= amount).Should().BeTrue();
        perRegion[1].Should().Be(0, "a region that is not named has no share");
        perRegion.Should().Equal(Cluster.Regions.Select(region => Cluster.Shards.Sum(shard => quotas.EntitiesIn(region, shard, Cluster)!.Value)));
        foreach (var share in shares)
            ((Int128)amount * share.PerThousand / 1000 - perRegion[share.Region.Ordinal]).Should().BeInRange(-1, 1);
    });

    [Fact]
    public void No_quota_is_no_bound_and_the_burst_is_that_of_a_second()
    {
        var quotas = new TenantQuotas(SignalsPerSecond: 30);
        (quotas.EntitiesIn(default, default, Cluster), quotas.BytesIn(default, default, Cluster)).Should().Be((null, null));
        quotas.SignalBurstIn(default, Cluster).Should().Be(10);
        (quotas with { SignalBurst = 3 }).SignalBurstIn(default, Cluster).Should().Be(1);
    }

    [Theory]
    [InlineData(-1, 500, 500, "an amount is negative")]
    [InlineData(1, 500, 501, "the regions' shares are 500 + 501 thousandths; none below 0 and 1000 together were expected")]
    [InlineData(1, -1, 501, "the regions' shares are -1 + 501 thousandths; none below 0 and 1000 together were expected")]
    public void Impossible_quotas_are_refused_by_the_table(long signals, int first, int second, string problem)
    {
        var quotas = new TenantQuotas(signals) { Shares = [new RegionShare(default, first), new RegionShare(new RegionId(1), second)] };
        quotas.Problem.Should().Be(problem);
        var placement = new TenantPlacement(TenantId.First, "shop", [default]);
        var table = RoutingTable.Empty.With(placement);
        table.Invoking(held => held.Replace(placement with { Quotas = quotas })).Should().Throw<RoutingTableException>()
            .WithMessage($"The quotas of the tenant 'shop' cannot be: {problem}.");
        FluentActions.Invoking(() => RoutingTable.Empty.With(placement with { Quotas = quotas })).Should().Throw<RoutingTableException>();
    }

    [Fact]
    public void A_region_has_one_share() =>
        new TenantQuotas { Shares = [new RegionShare(default, 1), new RegionShare(default, 2)] }.Problem.Should().Be("a region has two shares");

    [Theory]
    [InlineData(0u)]
    [InlineData(TenantId.NumberMax + 1)]
    public void A_tenant_whose_sessions_could_not_be_told_from_others_is_refused(uint number) => FluentActions
        .Invoking(() => RoutingTable.Empty.With(new TenantPlacement(new TenantId(number), "shop", [default])))
        .Should().Throw<RoutingTableException>().WithMessage($"*has number {number}; 1 to 16777216 was expected.");

    [Fact]
    public void A_problem_says_what_and_how_much_and_when()
    {
        new QuotaProblem(QuotaKind.SignalsPerSecond, 33, TimeSpan.FromMilliseconds(12.5)).ToString()
            .Should().Be("33 signals a second are accepted here: there is room again in 12.5 ms");
        new QuotaProblem(QuotaKind.Entities, 7, null).ToString().Should().Be("7 items and users are accepted in this shard here: waiting makes no room");
        new QuotaProblem(QuotaKind.Bytes, 9, null).ToString().Should().Be("9 bytes are accepted in this shard here: waiting makes no room");
    }
}
