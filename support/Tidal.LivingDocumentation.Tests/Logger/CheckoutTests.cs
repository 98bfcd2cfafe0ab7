using System.Diagnostics;
using Tidal.LivingDocumentation.TestLogger;

namespace Tidal.LivingDocumentation.Tests.Logger;

/// <summary>What a document says of the commit.</summary>
public sealed class CheckoutTests
{
    [Fact]
    public void A_commit_has_a_plus_where_files_were_changed_and_no_repository_has_none()
    {
        using var checkout = new CheckoutFolder();
        Checkout.CommitOf(checkout.Root).Should().BeEmpty();
        Git(checkout.Root, "init", "-q");
        Git(checkout.Root, "add", ".");
        Git(checkout.Root, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "Begin");
        Checkout.CommitOf(checkout.Root).Should().MatchRegex("^[0-9a-f]{4,}$");
        checkout.Write("features/glossary.md", "changed");
        Checkout.CommitOf(checkout.Root).Should().MatchRegex("^[0-9a-f]{4,}\\+$");
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        git.WaitForExit();
        git.ExitCode.Should().Be(0);
    }
}
