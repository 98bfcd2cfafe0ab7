using Tidal.Query;
using Tidal.Schema;

namespace Tidal.Cli;

/// <summary>
/// An option cannot be taken. Its message is one line that names the option, what was wrong and what was expected; where a
/// place in the option's text is to blame, the text and a caret under that place follow.
/// </summary>
internal sealed class OptionException : TidalException
{
    /// <summary>Makes an error about an option as a whole.</summary>
    /// <param name="option">The option, as it is written.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public OptionException(string option, string problem, string expected)
        : base($"{option}: {Wording.Fault(problem, expected)}") =>
        (Option, Problem, Expected) = (option, problem, expected);

    /// <summary>Makes an error about a place in an option's text.</summary>
    /// <param name="option">The option, as it is written.</param>
    /// <param name="location">The place.</param>
    /// <param name="problem">What was wrong, without a full stop.</param>
    /// <param name="expected">What was expected: a noun phrase, without a full stop.</param>
    public OptionException(string option, QueryLocation location, string problem, string expected)
        : base($"{option}: {LinePrefix(location)}{Wording.Fault(problem, expected)}\n{location.Excerpt}") =>
        (Option, Problem, Expected) = (option, problem, expected);

    /// <summary>The option, as it is written.</summary>
    public string Option { get; }

    /// <summary>What was wrong.</summary>
    public string Problem { get; }

    /// <summary>What was expected instead.</summary>
    public string Expected { get; }

    private static string LinePrefix(QueryLocation location) => location.Line > 1 ? $"Line {location.Line}: " : "";
}
