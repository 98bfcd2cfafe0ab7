using System.Text;
using System.Text.RegularExpressions;
using Reqnroll;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>
/// Turns a step's expression into the regular expression that matches its text. Which of the two kinds an expression is
/// follows Reqnroll: anchors mean regular, a <c>{parameter}</c> means Cucumber, then what only a regular one would hold.
/// </summary>
/// <remarks>Grammar: github.com/cucumber/cucumber-expressions, ARCHITECTURE.md.</remarks>
internal sealed partial class CucumberExpression
{
    private const string QuotedText = "(?:(?:\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\")|(?:'([^'\\\\]*(?:\\\\.[^'\\\\]*)*)'))";

    private readonly string _source;
    private readonly Func<string, string?> _patternOf;
    private int _at;

    private CucumberExpression(string source, Func<string, string?> patternOf) => (_source, _patternOf) = (source, patternOf);

    /// <summary>The regular expression of either kind; <paramref name="patternOf"/> knows the parameter types.</summary>
    /// <exception cref="BindingException">The expression is not a valid one.</exception>
    public static Regex ToRegex(string expression, Func<string, string?> patternOf)
    {
        if (!IsCucumber(expression))
            return Whole(expression);
        return Whole(new CucumberExpression(expression, patternOf).Rewrite());
    }

    /// <summary>A regular expression that takes the whole text, as Reqnroll makes it.</summary>
    public static Regex Whole(string pattern)
    {
        pattern = pattern.StartsWith('^') ? pattern : "^" + pattern;
        return new Regex(pattern.EndsWith('$') ? pattern : pattern + "$", RegexOptions.CultureInvariant);
    }

    /// <summary>Whether Reqnroll takes an expression for a Cucumber expression.</summary>
    public static bool IsCucumber(string expression) =>
        !expression.StartsWith('^') && !expression.EndsWith('$')
        && (Parameter().IsMatch(expression) || !RegularOnly().IsMatch(expression));

    [GeneratedRegex(@"{\w*}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\([^\)]+[\*\+]\)|\.\*|\\\.|\\d\+")]
    private static partial Regex RegularOnly();

    private string Rewrite()
    {
        var result = new StringBuilder();
        while (_at < _source.Length)
        {
            if (char.IsWhiteSpace(_source[_at]))
                result.Append(Regex.Escape(_source[_at++].ToString()));
            else if (_source[_at] == '{')
                result.Append(RewriteParameter());
            else
                result.Append(RewriteWord());
        }
        return result.ToString();
    }

    // A word ends at white space or at a parameter; a slash in it parts alternatives.
    private string RewriteWord()
    {
        var alternatives = new List<string>();
        var word = new StringBuilder();
        var onlyOptional = true;
        while (_at < _source.Length && !char.IsWhiteSpace(_source[_at]) && _source[_at] != '{')
        {
            if (_source[_at] == '/')
            {
                alternatives.Add(Alternative(word, onlyOptional));
                word.Clear();
                onlyOptional = true;
                _at++;
            }
            else if (_source[_at] == '(')
                word.Append(RewriteOptional());
            else
            {
                word.Append(RewriteCharacter());
                onlyOptional = false;
            }
        }
        if (alternatives.Count == 0)
            return word.ToString();
        RefuseParameterBeside();
        alternatives.Add(Alternative(word, onlyOptional));
        return $"(?:{string.Join('|', alternatives)})";
    }

    private string Alternative(StringBuilder word, bool onlyOptional) =>
        onlyOptional ? throw Invalid("an alternative may not be empty or wholly optional") : word.ToString();

    // Where an alternative touches a parameter the dialects differ: leave a space, or write two steps.
    private void RefuseParameterBeside()
    {
        var start = _at - 1;
        while (start >= 0 && !char.IsWhiteSpace(_source[start]) && _source[start] != '}')
            start--;
        if ((start >= 0 && _source[start] == '}') || (_at < _source.Length && _source[_at] == '{'))
            throw Invalid("alternatives beside a parameter are not known");
    }

    private string RewriteOptional()
    {
        var text = new StringBuilder();
        for (_at++; _at < _source.Length && _source[_at] != ')';)
        {
            if (_source[_at] is '(' or '{' or '/')
                throw Invalid("an optional text holds plain text only");
            text.Append(RewriteCharacter());
        }
        if (_at == _source.Length || text.Length == 0)
            throw Invalid("an optional text is empty or has no end");
        _at++;
        return $"(?:{text})?";
    }

    private string RewriteCharacter()
    {
        if (_source[_at] == '\\')
        {
            if (++_at == _source.Length || _source[_at] is not ('{' or '}' or '(' or ')' or '/' or '\\' or ' '))
                throw Invalid("only the signs {, }, (, ), /, \\ and the space are escaped");
        }
        return Regex.Escape(_source[_at++].ToString());
    }

    private string RewriteParameter()
    {
        var end = _source.IndexOf('}', _at);
        if (end < 0)
            throw Invalid("a parameter has no end");
        var name = _source[(_at + 1)..end];
        _at = end + 1;
        if (name == "string")
            return QuotedText;
        return $"({_patternOf(name) ?? throw Invalid($"there is no parameter type '{name}'")})";
    }

    private BindingException Invalid(string why) => new($"The expression '{_source}' is not valid: {why}.");
}
