using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>
/// A run as <see href="https://github.com/cucumber/messages">Cucumber Messages</see>, a line of JSON each, for tools that read them. All examples
/// are in it; tests are those that ran. Times and orders come from the records, so the same records give the same bytes. Stateless.
/// </summary>
public static class MessagesFile
{
    internal static readonly string RunId = StableId.Of("run");

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter<Status>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false), new JsonStringEnumConverter(null, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly byte[] LineEnd = [(byte)'\n'];

    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="main">The first pass.</param>
    /// <param name="second">The second pass of the same build, or null.</param>
    /// <param name="to">Where to.</param>
    public static void Write(IReadOnlyList<FeatureFile> features, PassRecord main, PassRecord? second, Stream to)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(to);
        foreach (var message in Messages(features, main, second))
        {
            JsonSerializer.Serialize(to, message, Options);
            to.Write(LineEnd);
        }
        to.Flush();
    }

    private static IEnumerable<Envelope> Messages(IReadOnlyList<FeatureFile> features, PassRecord main, PassRecord? second)
    {
        var definitions = new Definitions(second is null ? [main] : [main, second]);
        List<PassMessages> passes = [new(features, main, "", "main", definitions)];
        if (second is not null)
            passes.Add(new PassMessages(features, second, "real time", "real-time", definitions));
        return [
            new Envelope { Meta = MetaOf(main) },
            .. passes.SelectMany(pass => pass.Documents),
            .. definitions.Messages.Select(definition => new Envelope { StepDefinition = definition }),
            new Envelope { Hook = TestMessages.Around },
            new Envelope { TestRunStarted = new TestRunStarted(RunId, Moment.Of(main.Began)) },
            .. passes.SelectMany(pass => pass.Cases),
            .. passes.SelectMany(pass => pass.Runs),
            new Envelope { TestRunFinished = EndOf(passes) },
        ];
    }

    private static TestRunFinished EndOf(IReadOnlyList<PassMessages> passes)
    {
        var strays = passes.Sum(pass => pass.Strays);
        var message = strays == 0 ? null : $"Tests of examples that are in no feature file: {strays}.";
        return new TestRunFinished(RunId, message, passes.All(pass => pass.Success), Moment.Of(passes.Max(pass => pass.Ended)));
    }

    // The report is made on the machine, and by the .NET, that ran the features.
    private static Meta MetaOf(PassRecord pass)
    {
        var runtime = pass.Tests.Select(test => test.Scenario?.Runtime).FirstOrDefault(name => name is not null) ?? "Reqnroll";
        var space = runtime.LastIndexOf(' ');
        var system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        return new Meta(
            Meta.Version, space < 0 ? new Product(runtime, null) : new Product(runtime[..space], runtime[(space + 1)..]),
            new Product(".NET", $"{Environment.Version}"), new Product(system, $"{Environment.OSVersion.Version}"),
            new Product($"{RuntimeInformation.OSArchitecture}".ToLowerInvariant(), null));
    }
}
