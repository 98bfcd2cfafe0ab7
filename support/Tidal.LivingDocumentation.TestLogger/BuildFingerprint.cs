using System.Security.Cryptography;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>Tells builds apart: passes of the same assemblies belong together.</summary>
internal static class BuildFingerprint
{
    /// <summary>A hash of all of ours that lies beside the features' assembly: features, steps, drivers and engine. Empty if it cannot be told.</summary>
    public static string Of(string? assembly)
    {
        if (assembly is null || Path.GetDirectoryName(assembly) is not { Length: > 0 } folder || !Directory.Exists(folder))
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "Tidal*.dll").Order(StringComparer.Ordinal))
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
