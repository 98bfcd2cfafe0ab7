using System.Diagnostics;
using Tidal.LivingDocumentation.Records;

namespace Tidal.BrowserTests;

/// <summary>The parts in JavaScript that look at documents from outside.</summary>
internal static class NodeTools
{
    /// <summary>A file of theirs.</summary>
    /// <exception cref="FileNotFoundException">They have not been installed.</exception>
    public static string File(string below)
    {
        var file = Path.Combine(RecordFiles.Root, "support", "BrowserTests", "npm", below);
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException($"{below} is missing: run `npm ci --ignore-scripts` in support/BrowserTests/npm first.");
    }

    /// <summary>Runs a script of theirs.</summary>
    /// <returns>What it says.</returns>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [File(script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var (said, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        node.ExitCode.Should().Be(0, "{0} says: {1}", script, await errors);
        return await said;
    }
}
