using System.Security.Cryptography;

namespace Tidal.Crdt;

/// <summary>
/// A digest (SHA-256) over a state that is a function of the logs held: equal logs give equal digests, to the bit.
/// Not safe for use by several threads.
/// </summary>
public sealed class StateDigest : StateWriter, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The digest of all that was added since the last call, as 64 hexadecimal digits; starts anew.</summary>
    public string Finish()
    {
        Spill();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>The digest of all that was added so far, as 64 hexadecimal digits; goes on.</summary>
    public string Current()
    {
        Spill();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    /// <inheritdoc/>
    protected override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);
}
