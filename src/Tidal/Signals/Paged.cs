namespace Tidal.Signals;

/// <summary>
/// Rows of a table that only grows, in pages: growing copies nothing but a first page that is still small, and a row's place
/// never changes. Not safe for use by several threads.
/// </summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="pageBits">A page holds 2 to this power of rows.</param>
internal sealed class Paged<T>(int pageBits)
{
    private const int FirstRows = 8;
    private readonly int _pageBits = pageBits;
    private readonly int _pageRows = 1 << pageBits;
    private T[][] _pages = [[]];

    /// <summary>Rows taken, and those left out at a page's end.</summary>
    public int Count { get; private set; }

    /// <summary>The most rows that stand next to each other.</summary>
    public int RunMax => _pageRows;

    /// <summary>A row.</summary>
    public ref T this[int place] => ref _pages[place >> _pageBits][place & (_pageRows - 1)];

    /// <summary>Rows that were taken together.</summary>
    public Span<T> Run(int place, int length) => _pages[place >> _pageBits].AsSpan(place & (_pageRows - 1), length);

    /// <summary>Takes rows next to each other.</summary>
    /// <param name="length">How many, up to <see cref="RunMax"/>.</param>
    /// <returns>The place of the first.</returns>
    public int Take(int length = 1)
    {
        var used = Count & (_pageRows - 1);
        if (used + length > _pageRows)
            Count = checked(Count + _pageRows - used);
        MakeRoom(checked(Count + length));
        Count += length;
        return Count - length;
    }

    private void MakeRoom(int count)
    {
        var page = (count - 1) >> _pageBits;
        if (page >= _pages.Length)
            Array.Resize(ref _pages, 2 * _pages.Length);
        if (page > 0)
            _pages[page] ??= new T[_pageRows];
        else if (count > _pages[0].Length)
            Array.Resize(ref _pages[0], Math.Min(_pageRows, Math.Max(count, Math.Max(FirstRows, 2 * _pages[0].Length))));
        // The first page is whole once a second one is begun.
        if (page > 0 && _pages[0].Length < _pageRows)
            Array.Resize(ref _pages[0], _pageRows);
    }
}
