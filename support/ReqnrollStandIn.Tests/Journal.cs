using System.Collections.Concurrent;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>What specimens note down while a test runs them; a test's own, also where tests run side by side.</summary>
internal static class Journal
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Current = new();

    /// <summary>Begins an empty journal for this test.</summary>
    public static ConcurrentQueue<string> Begin() => Current.Value = new ConcurrentQueue<string>();

    /// <summary>Notes a line.</summary>
    public static void Note(string line) => Current.Value?.Enqueue(line);
}
