using System.Reflection;

namespace Tidal.LivingDocumentation;

/// <summary>Who runs the features, in words.</summary>
public static class RuntimeName
{
    /// <summary>Reqnroll or the stand-in, with its version: told by the assembly that a type of theirs is in.</summary>
    /// <param name="assembly">The assembly.</param>
    public static string Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var name = assembly.GetName();
        // The part behind a plus tells of the commit that it was built from.
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? $"{name.Version}";
        return name.Name == "Reqnroll" ? $"Reqnroll {version}" : $"the stand-in for Reqnroll {version}";
    }
}
