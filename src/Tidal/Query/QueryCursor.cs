using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>
/// Where a page of an answer ended, so that the next one can begin there. As a token it is base64url without padding of
/// these bytes, little endian; of one cursor there is one token:
/// <code>
/// offset  bytes  what
///      0      1  version, 1
///      1      8  read time of all pages, milliseconds since 1970
///      9      8  version of the routing table that the page was read under
///     17      8  score of the last item, the bits of a double
///     25      8  fingerprint of the query
///     33      n  id of the last item, 1 to 1,024 bytes of UTF-8
///   33+n      4  CRC-32C of all before it
/// </code>
/// In every version the first byte is the version and the last four the checksum, so that damage is told from the unknown.
/// The routing version binds nothing: the next page is read under the newest one (PROTOCOL 27).
/// </summary>
/// <param name="ReadTimeMilliseconds">The read time, in milliseconds since 1970.</param>
/// <param name="RoutingVersion">The routing version of the page before.</param>
/// <param name="Last">The last item of the page before.</param>
/// <param name="Fingerprint">What the query asks, as <see cref="FingerprintOf"/> has it.</param>
internal readonly record struct QueryCursor(long ReadTimeMilliseconds, ulong RoutingVersion, RankedItem Last, ulong Fingerprint)
{
    // The years 1 to 9999: what a client can ask for as a read time.
    public const long EarliestMilliseconds = -62_135_596_800_000;
    public const long LatestMilliseconds = 253_402_300_799_999;

    private const byte CurrentVersion = 1;
    private const int RoutingOffset = 9;
    private const int ScoreOffset = 17;
    private const int FingerprintOffset = 25;
    private const int ItemOffset = 33;
    private const int CrcBytes = ChecksummedText.CrcBytes;
    private const int BytesMax = ItemOffset + RetrieveQuery.MaximumIdBytes + CrcBytes;

    /// <summary>
    /// What tells queries apart: all that decides which items are listed in which order, and whose. The number of items on a page may
    /// change from page to page, and a plan may be asked for.
    /// </summary>
    public static ulong FingerprintOf(RetrieveQuery query, TenantId tenant = default)
    {
        var asked = QueryWriter.Canonical(query with { Explain = false, Limit = RetrieveQuery.DefaultLimit, Cursor = null });
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant.Number} {asked}")));
    }

    /// <summary>The cursor as a token: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string ToToken()
    {
        var item = Encoding.UTF8.GetBytes(Last.Item.Value);
        var bytes = new byte[ItemOffset + item.Length + CrcBytes];
        bytes[0] = CurrentVersion;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), ReadTimeMilliseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(RoutingOffset), RoutingVersion);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(ScoreOffset), Last.Score);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(FingerprintOffset), Fingerprint);
        item.CopyTo(bytes, ItemOffset);
        return ChecksummedText.Encode(bytes);
    }

    /// <summary>The cursor of a query; null when it has none.</summary>
    /// <exception cref="QuerySemanticException">It is no cursor, or one of another query or tenant.</exception>
    public static QueryCursor? Of(RetrieveQuery query, TenantId tenant = default)
    {
        if (query.Cursor is null)
            return null;
        var location = query.LocationOf(QueryClause.Cursor)!.Value;
        if (query.MaxPerCreator is not null)
            throw new QuerySemanticException(location, "CURSOR is used with DIVERSITY", "one of the two: a cursor does not know the creators of the pages before");
        var bytes = ChecksummedText.Decode(query.Cursor, BytesMax);
        if (bytes is null)
            throw new QuerySemanticException(location, "The cursor is damaged", "a cursor as an earlier answer gave it");
        if (bytes[0] != CurrentVersion)
            throw new QuerySemanticException(location, $"The cursor has version {bytes[0]}", $"version {CurrentVersion}");
        var cursor = Read(bytes);
        if (cursor is null)
            throw new QuerySemanticException(location, "The cursor holds what no answer ends with", "a cursor as an earlier answer gave it");
        if (cursor.Value.Fingerprint != FingerprintOf(query, tenant))
            throw new QuerySemanticException(location, "The cursor is of another query", "the query that it came from, of the same tenant; LIMIT alone may change");
        return cursor;
    }

    // A checksum is no seal: a token that was made by hand is whole, and may hold anything.
    private static QueryCursor? Read(byte[] bytes)
    {
        if (bytes.Length <= ItemOffset + CrcBytes)
            return null;
        var item = bytes.AsSpan(ItemOffset, bytes.Length - ItemOffset - CrcBytes);
        var readTime = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(1));
        var score = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(ScoreOffset));
        if (!Utf8.IsValid(item) || readTime is < EarliestMilliseconds or > LatestMilliseconds || !double.IsFinite(score) || score <= 0)
            return null;
        return new QueryCursor(
            readTime,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(RoutingOffset)),
            new RankedItem(new ItemId(Encoding.UTF8.GetString(item)), score),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(FingerprintOffset)));
    }
}
