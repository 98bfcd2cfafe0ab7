using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Tidal.Schema;

namespace Tidal.Tests.Conventions;

/// <summary>What every public type of the engine must say and be.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly Type[] PublicTypes = typeof(TidalException).Assembly.GetExportedTypes();

    private static readonly Dictionary<string, string> Documentation = XDocument
        .Load(Path.ChangeExtension(typeof(TidalException).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Value);

    [Fact]
    public void Every_class_says_whether_threads_may_share_it()
    {
        var silent = PublicTypes.Where(type => type.IsClass && !IsStatic(type) && !SaysHowItIsShared(type));
        silent.Select(type => type.FullName).Should().BeEmpty("a class, or the base that speaks for it, says so");
    }

    [Fact]
    public void Every_public_type_is_documented() =>
        PublicTypes.Where(type => DocumentationOf(type).Length == 0).Should().BeEmpty();

    [Fact]
    public void Every_exception_is_of_one_family()
    {
        var exceptions = PublicTypes.Where(type => type.IsAssignableTo(typeof(Exception))).ToList();
        exceptions.Should().OnlyContain(type => type.IsAssignableTo(typeof(TidalException)));
        exceptions.Where(type => type.IsAbstract || type.IsSealed || exceptions.Exists(other => other.BaseType == type))
            .Should().BeEquivalentTo(exceptions, "an exception is sealed, or the base of others");
    }

    [Fact]
    public void Identities_and_other_public_structs_cannot_change() =>
        PublicTypes.Where(type => type.IsValueType && !type.IsEnum && !type.IsByRefLike)
            .Should().OnlyContain(type => type.IsDefined(typeof(IsReadOnlyAttribute), false));

    [Fact]
    public void No_public_class_is_open_to_inheritance_by_chance()
    {
        var open = PublicTypes.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract);
        open.Where(type => !PublicTypes.Any(other => other.BaseType == type)).Should().BeEmpty();
    }

    private static bool SaysHowItIsShared(Type type)
    {
        for (var asked = type; asked is not null && asked.Assembly == type.Assembly; asked = asked.BaseType)
        {
            var said = DocumentationOf(asked);
            if (said.Contains("thread", StringComparison.OrdinalIgnoreCase) || said.Contains("Immutable", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return type.IsAssignableTo(typeof(Delegate));
    }

    private static string DocumentationOf(Type type) => Documentation.GetValueOrDefault($"T:{type.FullName!.Replace('+', '.')}", "");

    private static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true } && !HasState(type);

    private static bool HasState(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Any(field => !field.IsInitOnly && !field.IsLiteral);
}
