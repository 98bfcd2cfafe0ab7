using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Tidal.Cli;

/// <summary>The command line of the program: what may stand on it.</summary>
internal static class TidalCommandLine
{
    /// <summary>The program's name.</summary>
    public const string Name = "tidal";

    private const int HelpWidth = 80;

    // No response files: an argument that begins with @ is an id of a query, not a file.
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>The program's version.</summary>
    public static string Version => typeof(TidalCommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="commands">The commands to be recognized and read.</param>
    public static ParseResult Parse(IReadOnlyList<string> args, params ReadOnlySpan<Command> commands)
    {
        var root = new RootCommand("Tidal, a distributed signal database: its command-line program.") { HelpName = Name };
        root.Directives.Clear();
        foreach (var command in commands)
            root.Add(command);
        foreach (var option in root.Options)
        {
            if (option is HelpOption)
                option.Action = new HelpAction { MaxWidth = HelpWidth };
            else if (option is VersionOption)
                option.Action = new VersionAction();
        }

        return root.Parse(args, Parser);
    }

    /// <summary>Whether a command line asks for help or the version, which goes before any error in it.</summary>
    /// <param name="line">The command line.</param>
    public static bool AsksForHelpOrVersion(ParseResult line) => line.Action is HelpAction or VersionAction;

    /// <summary>What is wrong with a command line, one sentence each.</summary>
    /// <param name="line">The command line, with errors.</param>
    public static IEnumerable<string> Problems(ParseResult line)
    {
        if (line.CommandResult.Command is not RootCommand root)
            return line.Errors.Select(error => error.Message);
        var problem = line.UnmatchedTokens.Count == 0 ? "no command was given" : $"there is no command {Printable.Quote(line.UnmatchedTokens[0])}";
        return [Wording.Fault(problem, Wording.AnyOf([.. root.Subcommands.Select(command => command.Name)]))];
    }

    /// <summary>Where to read what may stand on a command line.</summary>
    /// <param name="line">The command line, with errors.</param>
    public static string HelpOf(ParseResult line)
    {
        IEnumerable<string> commands = line.CommandResult.Command is RootCommand root ? root.Subcommands.Select(command => command.Name) : [line.CommandResult.Command.Name];
        return $"{Wording.AllOf([$"'{Name} --help'", .. commands.Select(command => $"'{Name} {command} --help'")])} say";
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"{Name} {Version}");
            return 0;
        }
    }
}
