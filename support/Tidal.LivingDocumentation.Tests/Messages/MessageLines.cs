using System.Text;
using System.Text.Json.Nodes;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;
using Tidal.LivingDocumentation.Report.Messages;

namespace Tidal.LivingDocumentation.Tests.Messages;

/// <summary>Messages as they are read back: the kind of each, and what it says.</summary>
internal sealed class MessageLines
{
    private MessageLines(byte[] bytes)
    {
        Bytes = bytes;
        All = [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject().Single()).Select(only => (only.Key, only.Value!))];
    }

    public byte[] Bytes { get; }

    public IReadOnlyList<(string Kind, JsonNode Message)> All { get; }

    public IReadOnlyList<string> Kinds => [.. All.Select(line => line.Kind)];

    public IReadOnlyList<JsonNode> this[string kind] => [.. All.Where(line => line.Kind == kind).Select(line => line.Message)];

    public static MessageLines Of(params TestRecord[] tests) => Of([SampleRun.Feature], SampleRun.Pass(tests));

    public static MessageLines Of(IReadOnlyList<FeatureFile> features, PassRecord main, PassRecord? second = null)
    {
        using var stream = new MemoryStream();
        MessagesFile.Write(features, main, second, stream);
        return new MessageLines(stream.ToArray());
    }

    /// <summary>The results of each step of the only test, with their messages.</summary>
    public IReadOnlyList<JsonNode> Results => [.. this["testStepFinished"].Select(step => step["testStepResult"]!)];

    public string Statuses => string.Join(' ', Results.Select(result => Text(result["status"])));

    public static string? Text(JsonNode? node) => node?.GetValue<string>();
}
