using System.Globalization;

namespace Tidal.Cli;

/// <summary>Reads whole numbers that options are given.</summary>
internal static class OptionNumber
{
    /// <summary>Reads how many of something are wanted.</summary>
    /// <param name="option">The option, as it is written.</param>
    /// <param name="what">What is counted, in the plural.</param>
    /// <param name="text">The option's text.</param>
    /// <param name="least">The least number taken.</param>
    /// <param name="most">The greatest number taken.</param>
    /// <exception cref="OptionException">It is none of those.</exception>
    public static int Read(string option, string what, string text, int least = 1, int most = int.MaxValue) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most
            ? count
            : throw new OptionException(option, $"{Printable.Quote(text)} is not a number of {what}", $"a whole number from {least} to {most}");

    /// <summary>Reads a seed.</summary>
    /// <param name="option">The option, as it is written.</param>
    /// <param name="text">The option's text.</param>
    /// <exception cref="OptionException">It is none.</exception>
    public static ulong ReadSeed(string option, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new OptionException(option, $"{Printable.Quote(text)} is not a seed", $"a whole number from 0 to {ulong.MaxValue}");
}
