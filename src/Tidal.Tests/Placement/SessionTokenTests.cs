using System.Buffers.Text;
using Tidal.Crdt;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Placement;

public sealed class SessionTokenTests
{
    [Fact]
    public void Its_text_says_all_of_it() =>
        SeededProperty.HoldsFor(random =>
        {
            var token = Random(random);
            var text = token.ToString();
            text.Should().MatchRegex("^[A-Za-z0-9_-]+$");
            SessionToken.Parse(text).Should().Be(token);
        });

    [Fact]
    public void A_change_of_any_character_is_noticed()
    {
        var text = Random(new DeterministicRandom(3)).ToString();
        for (var place = 0; place < text.Length; place++)
        {
            var changed = text.Remove(place, 1).Insert(place, text[place] == 'A' ? "B" : "A");
            FluentActions.Invoking(() => SessionToken.Parse(changed)).Should().Throw<SessionTokenException>();
        }
    }

    [Theory]
    [InlineData("", "it is damaged")]
    [InlineData("what is this?", "it is damaged")]
    [InlineData("AQ", "it is damaged")]
    public void What_is_no_token_is_refused(string text, string problem) =>
        FluentActions.Invoking(() => SessionToken.Parse(text)).Should().Throw<SessionTokenException>().Which.Problem.Should().Be(problem);

    [Fact]
    public void A_token_too_long_is_refused_before_it_is_read() =>
        FluentActions.Invoking(() => SessionToken.Parse(new string('A', 2_000_000))).Should().Throw<SessionTokenException>();

    [Fact]
    public void Bytes_that_are_whole_and_make_no_token_are_refused()
    {
        Whole([2, 0, 0, 0, 0, 0, 0, 0, 0]).Should().Throw<SessionTokenException>().Which.Problem.Should().Contain("version 2");
        Whole([1, 0, 0]).Should().Throw<SessionTokenException>().Which.Problem.Should().Contain("no number of logs");
        Whole([1, .. new byte[8], .. new byte[16]]).Should().Throw<SessionTokenException>().Which.Problem.Should().Contain("not in order");
        byte[] log = [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0];
        Whole([1, .. new byte[8], .. log, .. log]).Should().Throw<SessionTokenException>().Which.Problem.Should().Contain("not in order");
        Whole([1, .. new byte[8], .. log]).Should().NotThrow();
    }

    [Fact]
    public void Merging_keeps_the_greater_of_everything() =>
        SeededProperty.HoldsFor(random =>
        {
            var (one, other) = (Random(random), Random(random));
            var merged = one.Merge(other);
            merged.Should().Be(other.Merge(one)).And.Be(merged.Merge(one));
            merged.Hlc.Packed.Should().Be(Math.Max(one.Hlc.Packed, other.Hlc.Packed));
            foreach (var (log, number) in merged.Marks)
                number.Should().Be(Math.Max(one.Marks.GetValueOrDefault(log), other.Marks.GetValueOrDefault(log)));
            merged.Marks.Keys.Should().BeEquivalentTo(one.Marks.Keys.Union(other.Marks.Keys));
        });

    [Fact]
    public void Held_is_what_is_held_of_every_log_of_the_shard()
    {
        var token = SessionToken.Empty.With(TenantId.First, new ShardId(1), [Mark(0, 5), Mark(2, 3)]);
        token.IsHeldBy(TenantId.First, new ShardId(1), [Mark(0, 5), Mark(2, 9)]).Should().BeTrue();
        token.IsHeldBy(TenantId.First, new ShardId(1), [Mark(0, 4), Mark(2, 9)]).Should().BeFalse();
        token.IsHeldBy(TenantId.First, new ShardId(1), [Mark(0, 5)]).Should().BeFalse();
        token.IsHeldBy(TenantId.First, new ShardId(2), []).Should().BeTrue("of another shard it has seen nothing");
        token.IsHeldBy(new TenantId(2), new ShardId(1), []).Should().BeTrue();
    }

    [Fact]
    public void A_session_takes_in_what_each_call_has_seen()
    {
        var session = new ClientSession(new SessionId(default, 1));
        session.Observe(SessionToken.Empty.With(TenantId.First, default, [Mark(0, 5)]));
        session.Observe(SessionToken.Empty.With(TenantId.First, default, [Mark(0, 4)]).With(new HlcTimestamp(9)));
        (session.Token.Marks.Single().Value, session.Token.Hlc.Packed).Should().Be((5UL, 9UL));
    }

    private static OriginNumber Mark(ushort origin, ulong number) => new(new RegionId(origin), number);

    private static Action Whole(byte[] bytes) => () =>
    {
        byte[] whole = [.. bytes, .. BitConverter.GetBytes(Tidal.Log.Crc32C.Of(bytes))];
        SessionToken.Parse(Base64Url.EncodeToString(whole));
    };

    private static SessionToken Random(DeterministicRandom random)
    {
        var token = SessionToken.Empty.With(new HlcTimestamp(random.NextBits()));
        for (var log = random.Next(6); log > 0; log--)
            token = token.With(new TenantId((uint)random.Next(3)), new ShardId((ushort)random.Next(3)), [Mark((ushort)random.Next(3), 1 + (ulong)random.Next(100))]);
        return token;
    }
}
