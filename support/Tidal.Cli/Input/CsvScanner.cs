namespace Tidal.Cli;

/// <summary>
/// Takes the records of a comma-separated file apart as RFC 4180 writes them, byte by byte and one at a time, so that a
/// file of any size costs one record of memory. Lines end with a line feed, with or without a carriage return before it.
/// Not safe for use by several threads.
/// </summary>
internal sealed class CsvScanner
{
    /// <summary>The most bytes that a record may have: an open quotation mark must not swallow a whole file.</summary>
    public const int RecordBytesMax = 65_536;

    private const int EndOfFile = -1;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly byte[] _input = new byte[65_536];
    private readonly byte[] _record = new byte[RecordBytesMax];
    private readonly List<(int End, int Line)> _fields = [];
    private int _next;
    private int _filled;
    private int _length;
    private int _lineNow = 1;
    private int _fieldLine;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The text, as bytes of UTF-8.</param>
    /// <param name="file">The file's name, for errors.</param>
    public CsvScanner(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        SkipByteOrderMark();
    }

    /// <summary>The line on which the last record began, from 1; before there is one, the first.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>How many fields the last record has.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>A field of the last record, without its quotation marks. Good until the next record is read.</summary>
    /// <param name="column">The column, from 1.</param>
    public ReadOnlySpan<byte> Field(int column)
    {
        var start = column == 1 ? 0 : _fields[column - 2].End;
        return _record.AsSpan(start, _fields[column - 1].End - start);
    }

    /// <summary>The line on which a field of the last record begins.</summary>
    /// <param name="column">The column, from 1.</param>
    public int LineOf(int column) => _fields[column - 1].Line;

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="ReplayInputException">Quotation marks are not as they must be, or the record is too long.</exception>
    public bool Read()
    {
        _fields.Clear();
        _length = 0;
        Line = _lineNow;
        if (Peek() == EndOfFile)
            return false;
        int end;
        do
        {
            _fieldLine = _lineNow;
            end = Peek() == '"' ? ReadQuoted() : ReadPlain();
            _fields.Add((_length, _fieldLine));
        }
        while (end == ',');
        return true;
    }

    // Both give what ended the field: a comma, a line feed or the end of the file.
    private int ReadPlain()
    {
        while (true)
        {
            var next = Take();
            if (next is ',' or '\n' or EndOfFile)
                return next;
            if (next == '\r' && Peek() is '\n' or EndOfFile)
                return Take();
            if (next == '"')
                throw Fault("a quotation mark stands in the middle of a field", "the whole field between quotation marks, and those in it doubled");
            Keep((byte)next);
        }
    }

    private int ReadQuoted()
    {
        Take();
        while (true)
        {
            var next = Take();
            if (next == EndOfFile)
                throw Fault("the file ends between quotation marks", "a closing quotation mark");
            if (next == '"' && Peek() != '"')
                return EndQuoted();
            Keep((byte)(next == '"' ? Take() : next));
        }
    }

    private int EndQuoted()
    {
        var next = Take();
        if (next == '\r' && Peek() is '\n' or EndOfFile)
            next = Take();
        return next is ',' or '\n' or EndOfFile
            ? next
            : throw Fault("there is more text behind a closing quotation mark", "a comma or the end of the line");
    }

    private void Keep(byte value)
    {
        if (_length == RecordBytesMax)
            throw Fault("the row is too long", $"at most {RecordBytesMax:N0} bytes (a quotation mark may be open)");
        _record[_length++] = value;
    }

    private int Peek() => _next < _filled || Fill() ? _input[_next] : EndOfFile;

    private int Take()
    {
        var next = Peek();
        if (next == EndOfFile)
            return next;
        _next++;
        if (next == '\n')
            _lineNow++;
        return next;
    }

    private bool Fill()
    {
        _next = 0;
        _filled = _stream.Read(_input);
        return _filled > 0;
    }

    // Spreadsheets write one.
    private void SkipByteOrderMark()
    {
        _filled = _stream.ReadAtLeast(_input, 3, throwOnEndOfStream: false);
        if (_input.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
            _next = 3;
    }

    private ReplayInputException Fault(string problem, string expected) =>
        new(_file, _fieldLine, _fields.Count + 1, problem, expected);
}
