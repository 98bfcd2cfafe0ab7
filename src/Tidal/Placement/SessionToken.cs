using System.Buffers.Binary;
using System.Collections.Immutable;
using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>An origin log of a tenant's shard.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Origin">The region whose records are in it.</param>
public readonly record struct SessionLog(TenantId Tenant, ShardId Shard, RegionId Origin) : IComparable<SessionLog>
{
    /// <inheritdoc/>
    public int CompareTo(SessionLog other) =>
        Tenant != other.Tenant ? Tenant.CompareTo(other.Tenant)
        : Shard != other.Shard ? Shard.CompareTo(other.Shard)
        : Origin.CompareTo(other.Origin);
}

/// <summary>
/// What a user's session has seen: the highest reading of the hybrid logical clock, and how far it has written or read each
/// origin log. The client carries it from region to region, so that none shows the user less than another did (the session
/// guarantees of Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994: read your writes, monotonic
/// reads). Tokens of two devices of one user merge. As text it is base64url without padding of these bytes, little endian;
/// of one token there is one text:
/// <code>
/// offset  bytes  what
///      0      1  version, 1
///      1      8  the clock's reading
///      9   16 n  n times: tenant 4, shard 2, origin 2, number 8; in order, each log once, no number 0
/// 9+16 n      4  CRC-32C of all before it
/// </code>
/// It is no secret and no proof: it can make its holder wait, and nothing else. Immutable and safe to share between threads.
/// </summary>
public sealed class SessionToken : IEquatable<SessionToken>
{
    /// <summary>The most logs that the text of a token may name.</summary>
    public const int LogsMax = 65_536;

    /// <summary>Of a session that has seen nothing.</summary>
    public static readonly SessionToken Empty = new(HlcTimestamp.Zero, ImmutableSortedDictionary<SessionLog, ulong>.Empty);

    private const byte CurrentVersion = 1;
    private const int LogsOffset = 9;
    private const int LogBytes = 16;
    private const int CrcBytes = ChecksummedText.CrcBytes;

    private readonly ImmutableSortedDictionary<SessionLog, ulong> _marks;

    private SessionToken(HlcTimestamp hlc, ImmutableSortedDictionary<SessionLog, ulong> marks) => (Hlc, _marks) = (hlc, marks);

    /// <summary>The highest reading of the clock that the session has seen.</summary>
    public HlcTimestamp Hlc { get; }

    /// <summary>Up to which number it has written or read each origin log, in order.</summary>
    public IReadOnlyDictionary<SessionLog, ulong> Marks => _marks;

    /// <summary>Reads the text of a token.</summary>
    /// <param name="text">The text, as <see cref="ToString"/> gave it.</param>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    /// <exception cref="SessionTokenException">It is damaged, of an unknown version, or was never a token.</exception>
    public static SessionToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = ChecksummedText.Decode(text, LogsOffset + (LogBytes * LogsMax) + CrcBytes) ?? throw new SessionTokenException("it is damaged");
        if (bytes[0] != CurrentVersion)
            throw new SessionTokenException($"it has version {bytes[0]}, and this build knows {CurrentVersion}");
        if (bytes.Length < LogsOffset + CrcBytes || (bytes.Length - LogsOffset - CrcBytes) % LogBytes != 0)
            throw new SessionTokenException($"{bytes.Length} bytes are no number of logs");
        return new SessionToken(new HlcTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(1))), MarksIn(bytes));
    }

    /// <summary>What this session and another one of the same user have seen together.</summary>
    /// <param name="other">The other one's token.</param>
    public SessionToken Merge(SessionToken other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new SessionToken(other.Hlc > Hlc ? other.Hlc : Hlc, WithAll(other._marks));
    }

    /// <summary>The token as text: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public override string ToString()
    {
        var bytes = new byte[LogsOffset + (LogBytes * _marks.Count) + CrcBytes];
        bytes[0] = CurrentVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Hlc.Packed);
        var at = LogsOffset;
        foreach (var (log, number) in _marks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), log.Tenant.Number);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 4), log.Shard.Number);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 6), log.Origin.Ordinal);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 8), number);
            at += LogBytes;
        }
        return ChecksummedText.Encode(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(SessionToken? other) => other is not null && Hlc == other.Hlc && _marks.SequenceEqual(other._marks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionToken);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Hlc, _marks.Count);

    internal SessionToken With(HlcTimestamp now) => now > Hlc ? new SessionToken(now, _marks) : this;

    internal SessionToken With(TenantId tenant, ShardId shard, IReadOnlyList<OriginNumber> marks) => new(
        Hlc, WithAll(marks.Select(mark => KeyValuePair.Create(new SessionLog(tenant, shard, mark.Origin), mark.Number))));

    /// <summary>Whether whoever holds the origin logs of a shard so far holds all that the session has seen of it.</summary>
    internal bool IsHeldBy(TenantId tenant, ShardId shard, IReadOnlyList<OriginNumber> held) => _marks
        .Where(mark => mark.Key.Tenant == tenant && mark.Key.Shard == shard)
        .All(mark => held.Any(log => log.Origin == mark.Key.Origin && log.Number >= mark.Value));

    private ImmutableSortedDictionary<SessionLog, ulong> WithAll(IEnumerable<KeyValuePair<SessionLog, ulong>> marks)
    {
        var merged = _marks.ToBuilder();
        foreach (var (log, number) in marks)
        {
            if (number > merged.GetValueOrDefault(log))
                merged[log] = number;
        }
        return merged.ToImmutable();
    }

    // A checksum is no seal: bytes that were made by hand are whole, and may hold anything.
    private static ImmutableSortedDictionary<SessionLog, ulong> MarksIn(byte[] bytes)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<SessionLog, ulong>();
        SessionLog? before = null;
        for (var at = LogsOffset; at < bytes.Length - CrcBytes; at += LogBytes)
        {
            var log = new SessionLog(
                new TenantId(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at))),
                new ShardId(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 4))),
                new RegionId(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 6))));
            var number = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8));
            if (number == 0 || before?.CompareTo(log) >= 0)
                throw new SessionTokenException("its logs are not in order, each once and with a number");
            marks.Add(log, number);
            before = log;
        }
        return marks.ToImmutable();
    }
}

/// <summary>A text is no session token. The client goes on with <see cref="SessionToken.Empty"/>, or with the last token that it holds.</summary>
public sealed class SessionTokenException : TidalException
{
    /// <summary>Makes the error.</summary>
    /// <param name="problem">What was found: the second half of a sentence, without a full stop.</param>
    public SessionTokenException(string problem)
        : base($"The session token cannot be read: {problem}; expected one as a call gave it.") => Problem = problem;

    /// <summary>What was found.</summary>
    public string Problem { get; }
}
