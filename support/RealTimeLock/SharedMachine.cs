using System.Runtime.CompilerServices;

namespace Tidal.RealTimeLock;

/// <summary>A test assembly that measures no real time shares the machine from when it is loaded to the end of its process.</summary>
internal static class SharedMachine
{
    private static MachineLock? _share;

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no other beginning.")]
    internal static void Share() => _share ??= MachineLock.Share();
}
