using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tidal.Cli;

/// <summary>How the program writes JSON: indented, the same line ends everywhere, text as it is (not escaped), and a line feed behind it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one value and a line feed.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="value">What is written.</param>
    /// <param name="write">Writes it.</param>
    public static void Write<T>(TextWriter output, T value, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
            write(json, value);
        output.Write(Encoding.UTF8.GetString(bytes.WrittenSpan));
        output.Write('\n');
    }
}
