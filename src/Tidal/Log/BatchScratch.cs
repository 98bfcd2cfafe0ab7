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

    /// <summary>Room for so many cohorts.</summary>
    public Span<CohortPlace> Cohorts(int count) => RoomIn(ref _cohorts, count);

    /// <summary>Room for so many attributes.</summary>
    public Span<AttributePlace> Attributes(int count) => RoomIn(ref _attributes, count);

    private static Span<T> RoomIn<T>(ref T[] places, int count)
    {
        if (places.Length < count)
            places = new T[Math.Max(count, 4)];
        return places.AsSpan(0, count);
    }
}

/// <summary>Where a record's cohort stands.</summary>
internal readonly record struct CohortPlace(int Attribute, TextPlace Value);

/// <summary>Where a record's attribute stands.</summary>
internal readonly record struct AttributePlace(TextPlace Key, TextPlace Value);
