using System.Text.RegularExpressions;
using Reqnroll;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>The parameter types of Cucumber expressions: those built in and those of the transformations.</summary>
internal sealed partial class ParameterTypes
{
    private const string Number = @"-?\d+";
    private const string Fraction =
        @"(?=.*\d.*)[-+]?(?:\d+(?:[\p{Pc}\p{Po}\p{Pd} ]?\d+)*)*(?:[\p{Pc}\p{Po}](?=\d.*))?\d*(?:\d+[E]-?\d+)?";

    private readonly Dictionary<string, string> _patterns = new()
    {
        [""] = ".*",
        ["word"] = @"[^\s]+",
        ["byte"] = Number,
        ["int"] = Number,
        ["long"] = Number,
        ["float"] = Fraction,
        ["double"] = Fraction,
        ["decimal"] = Fraction,
    };

    private readonly Dictionary<string, Type> _own = [];

    public string? PatternOf(string name) => _patterns.GetValueOrDefault(name);

    /// <summary>Makes a transformation known under its name, or else under the name of the type that it returns.</summary>
    /// <exception cref="BindingException">The name stands for something else.</exception>
    public void Add(Transformation transformation)
    {
        var name = transformation.Name ?? transformation.ReturnType.Name;
        var pattern = PatternOf(transformation);
        if (!_own.TryAdd(name, transformation.ReturnType))
        {
            if (_own[name] != transformation.ReturnType)
                throw new BindingException($"Two types stand behind the parameter type '{name}'.");
            if (_patterns[name] != pattern)
                pattern = _patterns[name] == ".*" || pattern == ".*" ? ".*" : $"(?:{_patterns[name]})|(?:{pattern})";
            _patterns[name] = pattern;
        }
        else if (!_patterns.TryAdd(name, pattern) || name == "string")
            throw new BindingException($"The parameter type '{name}' is built in.");
    }

    // As Reqnroll derives it: groups do not capture, and what is too intricate takes any text.
    private static string PatternOf(Transformation transformation)
    {
        var regex = transformation.Regex?.ToString().TrimStart('^').TrimEnd('$');
        if (regex is null || Intricate().IsMatch(regex))
            return ".*";
        return $"(?:{regex.Replace("(", "(?:", StringComparison.Ordinal)})";
    }

    [GeneratedRegex(@"\(\?|\\\(")]
    private static partial Regex Intricate();
}
