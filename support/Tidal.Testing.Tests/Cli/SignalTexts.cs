using System.IO.Compression;
using System.Text;
using Tidal.Cli;

namespace Tidal.Testing.Tests.Cli;

/// <summary>Texts of signal files.</summary>
internal static class SignalTexts
{
    public const string Header = "time_ms,region,locale,country,wiki,page,home_region,user,signal,delta";

    // 2015-09-12 00:49:12.942 UTC.
    public const string Row = "1442018952942,us-east,NA,US,en,Jeremy Corbyn,us-east,u1,edit,12";

    public const string LastRow = "1442102399200,eu-west,EU,,fr,Paris,eu-west,u2,create,-3";

    public static string File(params string[] rows) => string.Join('\n', [Header, .. rows, ""]);

    public static List<SignalRow> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static List<SignalRow> Read(byte[] bytes) => [.. SignalDay.Read(new MemoryStream(bytes), "day.csv")];

    public static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
