using System.Text.RegularExpressions;

namespace Tidal.Tests.Conventions;

/// <summary>The arrows of the house, and what no state machine may touch.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void A_folder_uses_only_those_below_it()
    {
        var violations =
            from file in EngineSource.Files()
            let floor = Array.IndexOf(EngineSource.Folders, file.Folder)
            where floor >= 0
            from used in FoldersUsed(file.Code)
            where Array.IndexOf(EngineSource.Folders, used) > floor
            select $"{file.Path} uses {used}";
        violations.Should().BeEmpty();
    }

    [Fact]
    public void Every_file_stands_in_a_folder_of_the_house() =>
        EngineSource.Files().Where(file => file.Folder.Length > 0).Select(file => file.Folder).Distinct()
            .Should().BeSubsetOf(EngineSource.Folders);

    [Fact]
    public void A_file_is_of_the_namespace_that_its_folder_says()
    {
        var strays = EngineSource.Files().Where(file => Namespace().Match(file.Code).Groups[1].Value != NamespaceOf(file.Path));
        strays.Select(file => file.Path).Should().BeEmpty();
    }

    [Fact]
    public void Outside_the_host_nothing_asks_for_time_chance_threads_or_files()
    {
        var violations =
            from file in EngineSource.Files()
            where file.Folder != "Hosting" && !file.Path.StartsWith("TidalDb", StringComparison.Ordinal)
            from Match match in OfTheWorld().Matches(file.Code)
            select $"{file.Path}: {match.Value}";
        violations.Should().BeEmpty();
    }

    [Fact]
    public void Inside_the_host_the_clock_is_read_in_one_place()
    {
        var violations =
            from file in EngineSource.Files()
            where file.Folder == "Hosting" && !file.Path.EndsWith("/HostClock.cs", StringComparison.Ordinal)
            from Match match in OfAClock().Matches(file.Code)
            select $"{file.Path}: {match.Value}";
        violations.Should().BeEmpty();
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;", 1)]
    [InlineData("DateTimeOffset.Now", 1)]
    [InlineData("Stopwatch.GetTimestamp()", 1)]
    [InlineData("new Random(5); Random.Shared", 2)]
    [InlineData("await Task.Delay(1); new Thread(Run); File.Open(path)", 4)]
    [InlineData("RandomAccess.Write(handle, bytes, 0); new FileStream(path, mode); Path.Combine(a, b)", 3)]
    [InlineData("[DllImport] static extern SafeFileHandle Open(byte[] path);", 2)]
    [InlineData("// Task.Run in a comment", 0)]
    [InlineData("\"a string with Thread\"", 0)]
    [InlineData("tried.Task.OnReply(reply); DeterministicRandom(1)", 0)]
    public void The_search_for_them_finds_what_it_should(string code, int found) =>
        OfTheWorld().Count(EngineSource.Strip(code)).Should().Be(found);

    [Theory]
    [InlineData("using Tidal.Query;", "Query")]
    [InlineData("using static Tidal.Query.QueryWords;", "Query")]
    [InlineData("Placement.Gateway gateway;", "Placement")]
    [InlineData("new Log.AttributeValue()", "Log")]
    [InlineData("group.Log.Append(); _raft.Log", null)]
    [InlineData("int[] Signals { get; } = []; int Count => Signals.Length;", null)]
    public void The_search_for_folders_finds_what_it_should(string code, string? folder) =>
        FoldersUsed(code).Should().Equal(folder is null ? [] : [folder]);

    // A property may have a folder's name; what a file declares is not what it uses.
    private static IEnumerable<string> FoldersUsed(string code) => Qualifier().Matches(code)
        .Where(match => match.Value.Contains("Tidal.", StringComparison.Ordinal) || !Regex.IsMatch(code, $@"\b{match.Groups["folder"].Value} (?:\{{|=>)"))
        .Select(match => match.Groups["folder"].Value).Where(EngineSource.Folders.Contains).Distinct();

    private static string NamespaceOf(string path) =>
        path.Contains('/') ? $"Tidal.{path[..path.LastIndexOf('/')].Replace('/', '.')}" : "Tidal";

    [GeneratedRegex(@"using (?:static )?Tidal\.(?<folder>\w+)|(?<![\w.])Tidal\.(?<folder>\w+)\.|(?<![\w.])(?<folder>[A-Z]\w+)\.[A-Z]")]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"DateTime(?:Offset)?\.(?:Utc)?Now|Stopwatch\b|Environment\.Tick|\.GetTimestamp\(|\.GetUtcNow\(|\.GetElapsedTime\(")]
    private static partial Regex OfAClock();

    [GeneratedRegex(@"(?<![\w.])(?:DateTime(?:Offset)?\.|Stopwatch\b|new Random\b|Random\.Shared|Task\.|async\b|await\b|Thread(?:Pool)?\b|Environment\.|File\.|Directory\.|RandomAccess\b|FileStream\b|Path\.|SafeFileHandle\b|DllImport\b)")]
    private static partial Regex OfTheWorld();
}
