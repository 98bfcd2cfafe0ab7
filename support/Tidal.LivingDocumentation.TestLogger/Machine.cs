using System.Globalization;
using System.Runtime.InteropServices;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>The machine in words.</summary>
internal static class Machine
{
    private const string ProcessorList = "/proc/cpuinfo";

    /// <summary>Processor, cores, memory, operating system and .NET.</summary>
    public static string Describe()
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {gibibytes:0.#} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string Processor()
    {
        try
        {
            if (File.Exists(ProcessorList)
                && File.ReadLines(ProcessorList).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2) is [_, var model])
                return model.Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The architecture will do.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture}";
    }
}
