using System.Globalization;

namespace Tidal.Log;

/// <summary>
/// Keeps a replica's <see cref="HardState"/> in files of its own beside its segments: <c>hard-state-1</c> and, once that is full,
/// <c>hard-state-2</c>, and so on; the old one is deleted after the new one is flushed. A file is records of 48 bytes back to
/// back, and the whole record with the highest sequence is the state:
/// <code>
/// offset  bytes  field
///      0      4  magic 54 48 53 54 ("THST")
///      4      1  version: 1
///      5      1  1 if a vote was given, else 0
///      6      1  replica voted for, 0 if none
///      7      1  reserved: 0
///      8      8  sequence, from 1
///     16      8  store id
///     24      8  epoch
///     32      8  commit index
///     40      4  reserved: 0
///     44      4  CRC-32C of bytes 0 to 43
/// </code>
/// Not thread safe.
/// </summary>
public sealed class HardStateJournal
{
    /// <summary>Bytes of a journal file from which on the next state goes to a new file.</summary>
    public const int FileBytesMax = 64 * 1024;

    private const string Prefix = "hard-state-";
    private readonly ILogStore _store;
    private ulong _generation;
    private ulong _sequence;
    private long _length;

    /// <summary>Opens the journal of a store: what is torn at its end is cut off, the rest flushed, and older files that a crash left are deleted.</summary>
    /// <param name="store">The replica's store.</param>
    /// <exception cref="UnsupportedFormatException">A record is whole but of an unknown version.</exception>
    public HardStateJournal(ILogStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        var scan = Scan(store);
        Recovered = new HardStateRecovery(scan.Latest?.State, scan.BytesIgnored);
        Current = scan.Latest?.State;
        _sequence = scan.Latest?.Sequence ?? 0;
        _generation = scan.Generation;
        _length = scan.WholeBytes;
        if (scan.Generation != 0 && store.Length(FileName(scan.Generation)) > scan.WholeBytes)
            store.Truncate(FileName(scan.Generation), scan.WholeBytes);
        store.Flush();
        if (scan.IsLatestInNewest)
            DeleteBefore(scan.Generation);
    }

    /// <summary>What the journal held when it was opened.</summary>
    public HardStateRecovery Recovered { get; }

    /// <summary>The state written last; null if there is none.</summary>
    public HardState? Current { get; private set; }

    /// <summary>Looks into a store's journal without changing it.</summary>
    /// <param name="store">The replica's store.</param>
    /// <exception cref="UnsupportedFormatException">A record is whole but of an unknown version.</exception>
    public static HardStateRecovery Recover(ILogStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var scan = Scan(store);
        return new HardStateRecovery(scan.Latest?.State, scan.BytesIgnored);
    }

    /// <summary>
    /// Writes a state. It is durable once the store has been flushed, and nothing that depends on it may be answered before:
    /// the flush is left to the caller, who has log bytes to flush as well.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <exception cref="LogStoreException">The store could not; open the journal anew before writing again.</exception>
    public void Write(in HardState state)
    {
        var isNewFile = _generation == 0 || _length + HardStateRecord.Size > FileBytesMax;
        if (isNewFile)
        {
            _generation++;
            _length = 0;
        }
        Span<byte> bytes = stackalloc byte[HardStateRecord.Size];
        new HardStateRecord(++_sequence, state).Write(bytes);
        _store.Append(FileName(_generation), bytes);
        _length += HardStateRecord.Size;
        Current = state;
        if (isNewFile && _generation > 1)
        {
            _store.Flush();
            DeleteBefore(_generation);
        }
    }

    /// <summary>Whether a file of a store belongs to its hard state journal.</summary>
    /// <param name="name">The file's name.</param>
    public static bool IsJournalFile(string name) => TryParse(name, out _);

    private static string FileName(ulong generation) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation}");

    private static bool TryParse(string name, out ulong generation)
    {
        ArgumentNullException.ThrowIfNull(name);
        generation = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out generation)
            && generation > 0
            && name == FileName(generation);
    }

    private void DeleteBefore(ulong generation)
    {
        foreach (var name in _store.List())
        {
            if (TryParse(name, out var found) && found < generation)
                _store.Delete(name);
        }
    }

    private static JournalScan Scan(ILogStore store)
    {
        var scan = default(JournalScan);
        foreach (var name in store.List())
        {
            if (TryParse(name, out var generation))
                ScanFile(store, name, generation, ref scan);
        }
        return scan;
    }

    private static void ScanFile(ILogStore store, string name, ulong generation, ref JournalScan scan)
    {
        Span<byte> bytes = stackalloc byte[HardStateRecord.Size];
        long length = 0, whole = 0;
        var isNewest = generation > scan.Generation;
        if (isNewest)
            scan.IsLatestInNewest = false;
        for (var read = bytes.Length; read == bytes.Length; length += read)
        {
            read = store.Read(name, length, bytes);
            if (!HardStateRecord.TryRead(bytes[..read], out var record))
                continue;
            whole = length + read;
            if (record.Sequence <= (scan.Latest?.Sequence ?? 0))
                continue;
            scan.Latest = record;
            scan.IsLatestInNewest = isNewest;
        }
        scan.BytesIgnored += length - whole;
        if (!isNewest)
            return;
        scan.Generation = generation;
        scan.WholeBytes = whole;
    }

    private struct JournalScan
    {
        public HardStateRecord? Latest;
        public bool IsLatestInNewest;
        public ulong Generation;
        public long WholeBytes;
        public long BytesIgnored;
    }
}
