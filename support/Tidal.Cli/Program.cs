using System.Text;
using Tidal.Cli;

// The same bytes on every machine, whatever its code page: UTF-8, and lines that end with a line feed.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = utf8;
using var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true, NewLine = "\n" };
using var error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true, NewLine = "\n" };
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // The first one lets the program end in order; the second one ends it as ever.
    press.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
};

return TidalProgram.Run(args, output, error, TidalHost.OfProcess(), interruption.Token);
