using Tidal.Query;

namespace Tidal.Cli;

/// <summary>Reads the words of an option's text from left to right, and faults any of them. Not safe for use by several threads.</summary>
/// <param name="option">The option, as it is written.</param>
/// <param name="text">Its text.</param>
internal sealed class SpecScanner(string option, string text)
{
    /// <summary>Where the next word begins, or the end of the text.</summary>
    public int Position { get; private set; } = Skip(text, 0);

    /// <summary>Whether there is no further word.</summary>
    public bool AtEnd => Position == text.Length;

    /// <summary>The next word, without taking it; empty at the end.</summary>
    public string Peek() => text[Position..WordEnd(Position)];

    /// <summary>The word behind the next one, without taking either; empty when there is none.</summary>
    public string PeekSecond()
    {
        var start = Skip(text, WordEnd(Position));
        return text[start..WordEnd(start)];
    }

    /// <summary>Takes the next word; empty at the end.</summary>
    public string Take()
    {
        var word = Peek();
        Position = Skip(text, Position + word.Length);
        return word;
    }

    /// <summary>Takes a sign if it comes next, and the blanks behind it.</summary>
    /// <param name="sign">The sign.</param>
    public bool TryTake(string sign)
    {
        if (!ComesAt(Position, sign))
            return false;
        Position = Skip(text, Position + sign.Length);
        return true;
    }

    /// <summary>Takes a name of a region, which ends before a blank, a slash or an arrow.</summary>
    /// <exception cref="OptionException">No region is called that.</exception>
    public string TakeRegion()
    {
        var start = Position;
        var length = 0;
        while (start + length < text.Length && !char.IsWhiteSpace(text[start + length]) && text[start + length] != '/' && !ComesAt(start + length, "->"))
            length++;
        var name = text.Substring(start, length);
        if (!ReplayCluster.Regions.Contains(name))
        {
            var problem = length == 0 ? "there is no region here" : $"there is no region {Printable.Quote(name)}";
            throw Fault(start, problem, Wording.AnyOf(ReplayCluster.Regions));
        }

        Position = Skip(text, start + length);
        return name;
    }

    /// <summary>Takes a time of day, <c>HH:MM</c> or <c>HH:MM:SS</c>; midnight at the end of the day is <c>24:00</c>.</summary>
    /// <exception cref="OptionException">There is no time, or none that a day has.</exception>
    public TimeSpan TakeTime()
    {
        var start = Position;
        var next = start;
        var hours = Part(ref next, 24, "an hour from 00 to 23");
        if (next == text.Length || text[next] != ':')
            throw Fault(next, "this is no time", "HH:MM or HH:MM:SS");
        next++;
        var minutes = Part(ref next, 59, "minutes from 00 to 59");
        var seconds = 0;
        if (next < text.Length && text[next] == ':')
        {
            next++;
            seconds = Part(ref next, 59, "seconds from 00 to 59");
        }

        var time = new TimeSpan(hours, minutes, seconds);
        if (time > TimeSpan.FromDays(1))
            throw Fault(start, "the day ends before that", "a time from 00:00 to 24:00");
        Position = Skip(text, next);
        return time;
    }

    /// <summary>Checks that the text ends here.</summary>
    /// <param name="expected">What may stand here, if anything; by default nothing.</param>
    /// <exception cref="OptionException">There is more.</exception>
    public void End(string expected = "nothing more")
    {
        if (!AtEnd)
            throw Fault(Position, $"{Printable.Quote(Peek())} is too much", expected);
    }

    /// <summary>Makes an error about a place in the text.</summary>
    /// <param name="position">The place.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public OptionException Fault(int position, string problem, string expected) =>
        new(option, new QueryLocation(text, position), problem, expected);

    private static int Skip(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
        return position;
    }

    private bool ComesAt(int position, string sign) => text.AsSpan(position).StartsWith(sign, StringComparison.Ordinal);

    private int WordEnd(int position)
    {
        while (position < text.Length && !char.IsWhiteSpace(text[position]))
            position++;
        return position;
    }

    // Two digits.
    private int Part(ref int next, int most, string expected)
    {
        var start = next;
        while (next < text.Length && next < start + 3 && char.IsAsciiDigit(text[next]))
            next++;
        if (next - start != 2)
            throw Fault(start, "this is no time", "HH:MM or HH:MM:SS");
        var part = (text[start] - '0') * 10 + (text[start + 1] - '0');
        return part <= most ? part : throw Fault(start, $"there is no {text[start..next]} here", expected);
    }
}
