using System.Text;
using Spectre.Console;

namespace Tidal.Cli;

/// <summary>
/// A console over a writer. On a terminal it has colour and a progress bar; anywhere else, and where the user wants no
/// colour, it writes plain text: no control character but the line feed.
/// </summary>
internal static class ReplayConsole
{
    /// <summary>Makes a console.</summary>
    /// <param name="output">The writer.</param>
    /// <param name="host">What the writer leads to.</param>
    public static IAnsiConsole Create(TextWriter output, TidalHost host)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = host.IsRich ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = host.IsRich ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = host.IsRich ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new Output(host.IsRich ? output : new TrimmingWriter(output), host),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private sealed class Output(TextWriter writer, TidalHost host) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => host.IsRich;

        public int Width => host.Width;

        public int Height => 24;

        // The writer writes UTF-8 already.
        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
