using System.Reflection;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation;

/// <summary>
/// The step definitions of an assembly. Attributes are read by their names, so that it does not matter whose Reqnroll the assembly
/// was compiled with.
/// </summary>
public static class StepDefinitions
{
    private const string StepDefinition = nameof(StepDefinition);

    private static readonly string[] Keywords = ["Given", "When", "Then", StepDefinition];

    /// <summary>The definitions, by class and method; one in two tenses is in it twice.</summary>
    /// <param name="assembly">The assembly.</param>
    public static IReadOnlyList<DefinitionRecord> Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var methods = assembly.GetTypes().Where(type => Attributes(type, "Binding").Any()).SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static));
        return [.. methods.SelectMany(Of).OrderBy(definition => definition.Definition, StringComparer.Ordinal)];
    }

    private static IEnumerable<DefinitionRecord> Of(MethodInfo method) =>
        from keyword in Keywords
        from attribute in Attributes(method, keyword)
        let expression = attribute.ConstructorArguments.Select(argument => argument.Value).OfType<string>().FirstOrDefault() ?? ""
        select new DefinitionRecord(keyword == StepDefinition ? "Step" : keyword, expression, $"{method.DeclaringType!.Name}.{method.Name}");

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.FullName == $"Reqnroll.{name}Attribute");
}
