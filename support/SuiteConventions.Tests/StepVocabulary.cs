using System.Reflection;
using System.Text.RegularExpressions;
using Tidal.ReqnrollStandIn.Bindings;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.SuiteConventions.Tests;

/// <summary>
/// The step definitions of an assembly: the words in which features may speak. Attributes are read by their names, so
/// that it does not matter whose Reqnroll the assembly was compiled with.
/// </summary>
internal sealed class StepVocabulary
{
    /// <summary>
    /// How many definitions a reader can still know by heart: 100 about a cluster and what is done with it, and 2 about copies
    /// and what they merge to. Those have no cluster in them and are spoken by one feature only, so that the words of all the
    /// others have not become more.
    /// </summary>
    public const int Most = 102;

    private static readonly string[] Keywords = ["Given", "When", "Then", "StepDefinition"];

    private readonly List<(string Keyword, string Expression, Regex Regex)> _definitions = [];

    public StepVocabulary(IEnumerable<Type> types)
    {
        var methods = types.Where(type => Attributes(type, "Binding").Any()).SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)).ToList();
        var parameterTypes = new ParameterTypes();
        foreach (var method in methods)
            foreach (var attribute in Attributes(method, "StepArgumentTransformation"))
                parameterTypes.Add(ToTransformation(method, attribute));
        Count = methods.Count(method => Keywords.Any(keyword => Attributes(method, keyword).Any()));
        foreach (var keyword in Keywords)
            foreach (var attribute in methods.SelectMany(method => Attributes(method, keyword)))
                Add(keyword, (string)attribute.ConstructorArguments[0].Value!, parameterTypes);
    }

    /// <summary>The number of definitions; one in two tenses (<c>has sent</c>, <c>sends</c>) is one to know by heart.</summary>
    public int Count { get; }

    /// <summary>The definitions that no feature uses.</summary>
    public IEnumerable<string> Unused(IEnumerable<Feature> features)
    {
        var spoken = features.SelectMany(feature => feature.Scenarios).SelectMany(scenario => scenario.Steps)
            .Select(step => (Keyword: step.StepDefinitionType.ToString(), step.Text)).Distinct().ToList();
        return _definitions
            .Where(definition => !spoken.Any(step =>
                (definition.Keyword == "StepDefinition" || definition.Keyword == step.Keyword) && definition.Regex.IsMatch(step.Text)))
            .Select(definition => $"[{definition.Keyword}(\"{definition.Expression}\")]");
    }

    private void Add(string keyword, string expression, ParameterTypes parameterTypes) =>
        _definitions.Add((keyword, expression, CucumberExpression.ToRegex(expression, parameterTypes.PatternOf)));

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.FullName == $"Reqnroll.{name}Attribute");

    private static Transformation ToTransformation(MethodInfo method, CustomAttributeData attribute)
    {
        var named = attribute.NamedArguments.ToDictionary(argument => argument.MemberName, argument => argument.TypedValue.Value);
        var regex = named.GetValueOrDefault("Regex") ?? attribute.ConstructorArguments.Select(argument => argument.Value).FirstOrDefault();
        return new Transformation(method, (string?)named.GetValueOrDefault("Name"), regex is null ? null : CucumberExpression.Whole((string)regex), 0);
    }
}
