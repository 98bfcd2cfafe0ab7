using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tidal.Signals;

/// <summary>
/// Asks the processor for memory that is read soon, without waiting for it: a replica's state is larger than any cache, and most
/// of the time that a signal takes is spent waiting for it. It changes nothing but time; where the processor has no such
/// instruction nothing is done. The one place where the engine touches a pointer, which is never read.
/// </summary>
internal static class CacheLines
{
    /// <summary>Asks for a value, from its first byte to its last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref readonly T value)
    {
        if (!Sse.IsSupported)
            return;
        // Memory that has moved meanwhile is asked for in vain, and nothing worse.
        var first = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in value));
        Sse.Prefetch0(first);
        Sse.Prefetch0(first + Unsafe.SizeOf<T>() - 1);
    }
}
