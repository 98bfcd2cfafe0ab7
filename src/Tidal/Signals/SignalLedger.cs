using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <summary>
/// All that is counted in a tenant's shard: cells of (item, signal type, scope), each with a part per origin. Items are rows and
/// types and scopes columns, so that a cell is a number; parts stand next to each other in pages, without an object each. What
/// is rare stands beside: what was taken back, later attempts, older slots of windows. Not safe for use by several threads.
/// </summary>
internal sealed partial class SignalLedger
{
    private readonly SignalType[] _types;
    private readonly CellTable _cells = new();
    private readonly Paged<LedgerPart> _parts = new(11);
    private readonly SlotLists _older = new();
    private readonly Dictionary<ulong, LaterAttempts> _later = [];
    private readonly List<OriginTotals> _origins = [];
    private int[] _free = new int[4];

    /// <summary>An empty ledger.</summary>
    /// <param name="types">The signal types counted.</param>
    public SignalLedger(params SignalType[] types) => _types = types;

    /// <summary>The scopes in which signals were ever counted.</summary>
    public ScopeTable Scopes { get; } = new();

    /// <summary>What is known of each origin's log, in region order.</summary>
    public IReadOnlyList<OriginTotals> Origins => _origins;

    /// <summary>Whether there is any later attempt.</summary>
    public bool HasLater => _later.Count > 0;

    /// <summary>The column of a signal type, by its place here, and a scope, by its number.</summary>
    public int ColumnOf(int type, int scope) => checked(scope * _types.Length + type);

    /// <summary>The column of a signal type and a scope, or -1 when nothing was ever counted in that scope.</summary>
    public int FindColumn(int type, CohortScope scope) =>
        (uint)type < (uint)_types.Length && Scopes.Find(scope) is >= 0 and var number ? ColumnOf(type, number) : -1;

    /// <summary>The signal type of a column.</summary>
    public SignalType TypeOf(int column) => _types[column % _types.Length];

    /// <summary>The scope of a column.</summary>
    public CohortScope ScopeOf(int column) => Scopes[column / _types.Length];

    /// <summary>A cell's key: never 0.</summary>
    public static ulong KeyOf(int row, int column) => ((ulong)(uint)(row + 1) << 32) | (uint)column;

    /// <summary>The row of a cell's key.</summary>
    public static int RowOf(ulong key) => (int)(key >> 32) - 1;

    /// <summary>The column of a cell's key.</summary>
    public static int ColumnOf(ulong key) => (int)(uint)key;

    /// <summary>What is known of an origin's log.</summary>
    public OriginTotals OriginOf(RegionId region)
    {
        var place = 0;
        while (place < _origins.Count && _origins[place].Region.CompareTo(region) < 0)
            place++;
        if (place == _origins.Count || _origins[place].Region != region)
            _origins.Insert(place, new OriginTotals(region));
        return _origins[place];
    }

    /// <summary>Whether there is a cell.</summary>
    public bool Has(ulong key) => _cells.Find(key).Key != 0;

    /// <summary>Makes a cell if it is not there.</summary>
    /// <returns>Whether it was not.</returns>
    public bool Make(ulong key)
    {
        var isNew = !Has(key);
        if (isNew)
            _cells.Add(key);
        return isNew;
    }

    /// <summary>Asks for the memory where a cell would be.</summary>
    public void Prefetch(ulong key) => _cells.Prefetch(key);

    /// <summary>Asks for the memory of a cell's parts.</summary>
    public void PrefetchParts(ulong key)
    {
        ref readonly var cell = ref _cells.Find(key);
        for (var part = 0; part < cell.Parts; part++)
            CacheLines.Fetch(ref _parts[cell.First + part]);
    }

    /// <summary>Takes a signal that counts for good into its origin's part of a cell.</summary>
    /// <returns>Whether the cell is new.</returns>
    public bool Take(ulong key, in Contribution signal)
    {
        ref var cell = ref _cells.Find(key);
        var isNew = cell.Key == 0;
        if (isNew)
            cell = ref _cells.Add(key);
        PartOf(ref cell, signal.Origin).Take(signal, _older);
        return isNew;
    }

    /// <summary>Takes a retraction that counts for good into its origin's part of a cell.</summary>
    /// <returns>Whether the cell is new.</returns>
    public bool TakeBack(ulong key, in Contribution signal)
    {
        var isNew = Make(key);
        ref var cell = ref _cells.Find(key);
        if (PartOf(ref cell, signal.Origin).Retracted == 0)
        {
            var place = TakeBlock(1);
            _parts[place] = new LedgerPart { Region = signal.Origin };
            PartOf(ref cell, signal.Origin).Retracted = place + 1;
        }
        ref var part = ref PartOf(ref cell, signal.Origin);
        (part.Epoch, part.Number) = (signal.Epoch, signal.Number);
        _parts[part.Retracted - 1].Take(signal, _older);
        return isNew;
    }

    /// <summary>Takes a later attempt beside the parts of a cell that is there, unless a lower one of its identity is.</summary>
    public void TakeLater(ulong key, RecordIdentity identity, byte attempt, in Contribution signal)
    {
        var alone = new LedgerPart { Region = signal.Origin };
        alone.Take(signal, _older);
        TakeLater(key, new LaterAttempt(identity, attempt, alone));
    }

    /// <summary>Drops the later attempt at something: another record of it counts.</summary>
    public void RemoveLater(ulong key, RecordIdentity identity)
    {
        if (!_later.TryGetValue(key, out var later))
            return;
        later.Remove(identity);
        if (later.InOrder.Count == 0)
            _later.Remove(key);
    }

    /// <summary>The later attempts of a cell that count, as far as this copy knows, in the order in which they are added at read.</summary>
    public IReadOnlyCollection<LaterAttempt> LaterOf(ulong key) =>
        _later.Count > 0 && _later.TryGetValue(key, out var later) ? later.InOrder : [];

    /// <summary>Whether nothing is left in a cell: it was made for a later attempt that turned out not to count.</summary>
    public bool IsEmpty(ulong key) => _cells.Find(key).Parts == 0 && !_later.ContainsKey(key);

    /// <summary>Takes an empty cell out.</summary>
    public void Remove(ulong key) => _cells.Remove(key);

    private void TakeLater(ulong key, in LaterAttempt later)
    {
        if (!_later.TryGetValue(key, out var attempts))
            _later.Add(key, attempts = new LaterAttempts());
        attempts.Add(later);
    }

    private Span<LedgerPart> PartsOf(ulong key)
    {
        ref readonly var cell = ref _cells.Find(key);
        return cell.Parts == 0 ? default : _parts.Run(cell.First, cell.Parts);
    }

    /// <summary>A region's part of a cell; made if it is not there. Good until another part is made.</summary>
    private ref LedgerPart PartOf(ref CellTable.Cell cell, RegionId region)
    {
        var place = 0;
        if (cell.Parts > 0)
        {
            var parts = _parts.Run(cell.First, cell.Parts);
            for (; place < parts.Length && parts[place].Region.Ordinal <= region.Ordinal; place++)
            {
                if (parts[place].Region == region)
                    return ref parts[place];
            }
        }
        return ref AddPart(ref cell, place, region);
    }

    private ref LedgerPart AddPart(ref CellTable.Cell cell, int place, RegionId region)
    {
        var first = TakeBlock(cell.Parts + 1);
        var parts = _parts.Run(first, cell.Parts + 1);
        if (cell.Parts > 0)
        {
            var old = _parts.Run(cell.First, cell.Parts);
            old[..place].CopyTo(parts);
            old[place..].CopyTo(parts[(place + 1)..]);
            old[0].Older = _free[cell.Parts];
            _free[cell.Parts] = cell.First + 1;
        }
        parts[place] = new LedgerPart { Region = region };
        (cell.First, cell.Parts) = (first, parts.Length);
        return ref parts[place];
    }

    // Blocks have no more room than parts; one that has become too small is taken by the next cell that needs no more.
    private int TakeBlock(int parts)
    {
        if (parts >= _free.Length)
            Array.Resize(ref _free, 2 * parts);
        if (_free[parts] == 0)
            return _parts.Take(parts);
        var first = _free[parts] - 1;
        _free[parts] = _parts[first].Older;
        return first;
    }
}
