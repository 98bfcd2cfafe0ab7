using System.Text;
using Tidal.Placement;
using Tidal.Schema;

namespace Tidal.Tests.Schema;

/// <summary>The vectors were computed by an independent program. A change of one would move every entity.</summary>
public sealed class EntityHashTests
{
    public static TheoryData<uint, string, ulong> Vectors => new()
    {
        { 1, "", 0xDC077C17952D9C36 },
        { 1, "a", 0xD37FACF70EE014CF },
        { 2, "a", 0x758DD150EE69E54E },
        { 1, "123", 0x6A033C58E616FE0D },
        { 1, "en:Jeremy Corbyn", 0x1E705666F24C010D },
        { 1, "名前", 0x3FF8BF9B27AD493C },
        { uint.MaxValue, "😀", 0x27E77965F4E45FA3 },
        { 0x01020304, new string('x', 2000), 0xF141CE2E68D22EB3 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_hash_of_an_entity_is_fixed_for_good(uint tenant, string entity, ulong hash)
    {
        EntityHash.Of(new TenantId(tenant), entity).Should().Be(hash);
        EntityHash.Of(new TenantId(tenant), Encoding.UTF8.GetBytes(entity)).Should().Be(hash);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("123", 1)]
    [InlineData("名前", 2)]
    public void The_shard_is_the_hash_modulo_the_shards(string entity, int shard)
    {
        var router = new ShardRouter(5);
        router.ShardOf(TenantId.First, new ItemId(entity)).Number.Should().Be((ushort)shard);
        router.ShardOf(TenantId.First, new UserId(entity)).Number.Should().Be((ushort)shard);
        new ShardRouter(1).ShardOf(TenantId.First, new ItemId(entity)).Number.Should().Be(0);
    }

    [Theory]
    [InlineData("item-{0}")]
    [InlineData("{0}")]
    [InlineData("en:{0}:a")]
    public void Entities_spread_evenly_over_five_shards(string pattern)
    {
        var router = new ShardRouter(5);
        var counts = new int[5];
        for (var number = 0; number < 20_000; number++)
            counts[router.ShardOf(TenantId.First, new ItemId(string.Format(null, pattern, number))).Number]++;
        // Five standard deviations of a fair draw.
        counts.Should().OnlyContain(count => Math.Abs(count - 4_000) < 5 * 57);
    }

    [Fact]
    public void There_is_at_least_one_shard() =>
        FluentActions.Invoking(() => new ShardRouter(0)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void An_entity_has_a_name() =>
        FluentActions.Invoking(() => EntityHash.Of(TenantId.First, (string)null!)).Should().Throw<ArgumentNullException>();
}
