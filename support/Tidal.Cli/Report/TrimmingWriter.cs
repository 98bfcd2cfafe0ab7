using System.Text;

namespace Tidal.Cli;

/// <summary>Passes text on line by line, without the blanks that tables leave at the ends of lines. Not safe for use by several threads.</summary>
/// <param name="writer">Where to; it is not closed with this one.</param>
internal sealed class TrimmingWriter(TextWriter writer) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => writer.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (value == '\r')
            return;
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }

        writer.Write(_line.ToString().TrimEnd(' ') + "\n");
        _line.Clear();
    }

    // A line is passed on when it is whole: only then is it known where it ends.
    public override void Flush() => writer.Flush();
}
