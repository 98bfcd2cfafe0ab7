using System.Security.Cryptography;
using Tidal.Crdt;

namespace Tidal.Tests.Crdt;

public sealed class StateDigestTests
{
    [Fact]
    public void It_is_the_sha_256_of_what_was_added()
    {
        using var digest = new StateDigest();
        digest.Add(1L);
        digest.Add("aé");
        byte[] expected = [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, (byte)'a', 0xC3, 0xA9];
        digest.Current().Should().Be(Convert.ToHexStringLower(SHA256.HashData(expected)));
        digest.Finish().Should().Be(Convert.ToHexStringLower(SHA256.HashData(expected)));
        digest.Finish().Should().Be(Convert.ToHexStringLower(SHA256.HashData([])), "it starts anew");
    }

    [Fact]
    public void What_is_added_may_be_longer_than_its_buffer() =>
        SeededProperty.HoldsFor(
            random =>
            {
                using var digest = new StateDigest();
                using var all = new MemoryStream();
                for (var part = 0; part < 8; part++)
                {
                    var bytes = new byte[random.Chance(0.5) ? random.Next(100) : random.Next(150_000)];
                    Array.Fill(bytes, (byte)part);
                    digest.Add(bytes.AsSpan());
                    all.Write(bytes);
                }
                digest.Finish().Should().Be(Convert.ToHexStringLower(SHA256.HashData(all.ToArray())));
            },
            cases: 20);

    [Fact]
    public void Neighbouring_strings_cannot_trade_characters()
    {
        using var digest = new StateDigest();
        digest.Add("ab");
        digest.Add("c");
        var one = digest.Finish();
        digest.Add("a");
        digest.Add("bc");
        digest.Finish().Should().NotBe(one);
    }
}
