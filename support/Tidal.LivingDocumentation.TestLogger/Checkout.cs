using System.Diagnostics;

namespace Tidal.LivingDocumentation.TestLogger;

/// <summary>What is checked out.</summary>
internal static class Checkout
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The commit in short, with a plus if files were changed; empty if there is no git, or no repository.</summary>
    public static string CommitOf(string root)
    {
        var commit = Git(root, "rev-parse", "--short", "HEAD");
        return commit.Length == 0 ? "" : commit + (Git(root, "status", "--porcelain").Length == 0 ? "" : "+");
    }

    private static string Git(string root, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        // Looking must not write: another git may be at work.
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        try
        {
            using var git = Process.Start(start)!;
            var (output, errors) = (git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
            if (Task.WaitAll([output, errors], Patience) && git.WaitForExit(Patience))
                return git.ExitCode == 0 ? output.Result.Trim() : "";
            git.Kill();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git.
        }
        return "";
    }
}
