using System.Reflection;
using System.Text.Json;
using Reqnroll;

namespace Tidal.ReqnrollStandIn.Running;

/// <summary>What <c>reqnroll.json</c> says. A setting that the stand-in does not know is refused.</summary>
internal sealed class StandInConfiguration
{
    private readonly List<string> _isolatingTags = [];
    private readonly List<string> _bindingAssemblies = [];

    public StandInConfiguration(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var section in document.RootElement.EnumerateObject())
        {
            if (section.NameEquals("bindingAssemblies"))
                _bindingAssemblies.AddRange(section.Value.EnumerateArray().Select(entry => entry.GetProperty("assembly").GetString()!));
            else if (section.NameEquals("generator"))
                ReadGenerator(section.Value);
            else if (section.NameEquals("formatters"))
                CheckFormatters(section.Value);
            else if (!section.NameEquals("$schema"))
                throw Unknown(section.Name);
        }
    }

    /// <summary>The binding classes of the assemblies named.</summary>
    public IEnumerable<Type> BindingTypes() => _bindingAssemblies.SelectMany(name => Assembly.Load(name).GetTypes());

    /// <summary>Whether a feature with these tags runs while no other does.</summary>
    public bool Isolates(IEnumerable<string> tags) => tags.Intersect(_isolatingTags, StringComparer.OrdinalIgnoreCase).Any();

    private void ReadGenerator(JsonElement generator)
    {
        foreach (var setting in generator.EnumerateObject())
        {
            if (!setting.NameEquals("addNonParallelizableMarkerForTags"))
                throw Unknown("generator." + setting.Name);
            _isolatingTags.AddRange(setting.Value.EnumerateArray().Select(tag => tag.GetString()!.TrimStart('@')));
        }
    }

    // The stand-in has no formatters, and what they are told to write is no scenario's business; a name that Reqnroll does not know is one all the same.
    private static void CheckFormatters(JsonElement formatters)
    {
        foreach (var formatter in formatters.EnumerateObject())
        {
            if (!formatter.NameEquals("html") && !formatter.NameEquals("message"))
                throw Unknown("formatters." + formatter.Name);
            foreach (var setting in formatter.Value.EnumerateObject().Where(setting => !setting.NameEquals("outputFilePath")))
                throw Unknown($"formatters.{formatter.Name}.{setting.Name}");
        }
    }

    private static ReqnrollException Unknown(string setting) => new($"reqnroll.json: the stand-in does not know the setting '{setting}'.");
}
