namespace Tidal.Log;

/// <summary>
/// What a reader of batches needs beside the bytes: the dictionary, and where the cohorts and attributes of a record stand.
/// Kept from batch to batch by who reads many; one batch is read with it at a time. Not thread safe.
/// </summary>
internal sealed class BatchScratch
{
    private CohortPlace[] _cohorts = [];
    private AttributePlace[] _attributes = [];

    /// <summary>The strings that stand in the batch so far.</summary>
    public BatchDictionary Dictionary { get; } = new();

    /// <summary>Places of cohorts taken since they were last given back.</summary>
    public int CohortsTaken { get; set; }

    /// <summary>Places of cohorts, from one on.</summary>
    public Span<CohortPlace> Cohorts(int start, int count) => RoomIn(ref _cohorts, start + count)[start..];

    /// <summary>Room for so many attributes.</summary>
    public Span<AttributePlace> Attributes(int count) => RoomIn(ref _attributes, count);

    private static Span<T> RoomIn<T>(ref T[] places, int count)
    {
        if (places.Length < count)
            Array.Resize(ref places, Math.Max(2 * places.Length, Math.Max(count, 4)));
        return places.AsSpan(0, count);
    }
}

/// <summary>Where a record's cohort stands.</summary>
internal readonly record struct CohortPlace(int Attribute, TextPlace Value);

/// <summary>Where a record's attribute stands.</summary>
internal readonly record struct AttributePlace(TextPlace Key, TextPlace Value);
