using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>A signal file cannot be replayed. Its message is one line: where, what was wrong and what was expected.</summary>
internal sealed class ReplayInputException : TidalException
{
    /// <summary>Makes an error about a file as a whole.</summary>
    /// <param name="file">The file, as it was named.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public ReplayInputException(string file, string problem, string expected)
        : base($"{Printable.Text(file)}: {Wording.Fault(problem, expected)}") =>
        (File, Problem, Expected) = (file, problem, expected);

    /// <summary>Makes an error about a row.</summary>
    /// <param name="file">The file, as it was named.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public ReplayInputException(string file, int line, string problem, string expected)
        : base($"{Printable.Text(file)}, line {line}: {Wording.Fault(problem, expected)}") =>
        (File, Line, Problem, Expected) = (file, line, problem, expected);

    /// <summary>Makes an error about a field of a row.</summary>
    /// <param name="file">The file, as it was named.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public ReplayInputException(string file, int line, int column, string problem, string expected)
        : base($"{Printable.Text(file)}, line {line}, column {SignalColumns.Describe(column)}: {Wording.Fault(problem, expected)}") =>
        (File, Line, Column, Problem, Expected) = (file, line, column, problem, expected);

    /// <summary>The file, as it was named.</summary>
    public string File { get; }

    /// <summary>The line, from 1; null for the file as a whole.</summary>
    public int? Line { get; }

    /// <summary>The column, from 1; null for a row or the file as a whole.</summary>
    public int? Column { get; }

    /// <summary>What was wrong.</summary>
    public string Problem { get; }

    /// <summary>What was expected instead.</summary>
    public string Expected { get; }
}
