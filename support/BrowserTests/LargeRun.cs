using System.Globalization;
using System.Text;
using Tidal.LivingDocumentation.Records;

namespace Tidal.BrowserTests;

/// <summary>A run in which 300 tests have a timeline of their own, each as long as a busy scenario's is.</summary>
internal static class LargeRun
{
    private const int Timelines = 300;
    private const int Events = 60;
    private const int Lanes = 15;

    public static PassRecord Of(PassRecord pass) => pass with { Tests = [.. pass.Tests.Take(Timelines).Select((test, number) => test with { Scenario = test.Scenario! with { Evidence = [Timeline(number)] } }), .. pass.Tests.Skip(Timelines)] };

    private static Picture Timeline(int number)
    {
        var random = new Random(number);
        var svg = new StringBuilder("<svg viewBox=\"0 0 800 320\" role=\"img\">");
        for (var lane = 0; lane < Lanes; lane++)
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"t\" x=\"0\" y=\"{lane * 20 + 14}\">us-east/{lane}</text><rect class=\"g\" x=\"90\" y=\"{lane * 20 + 4}\" width=\"700\" height=\"10\"/>");
        var events = Enumerable.Range(0, Events).Select(index => new PictureEvent($"{index / 10.0:0.000} s", $"us-east/{random.Next(Lanes)}", $"replica {random.Next(3)} is the primary, in epoch {index}")).ToList();
        for (var index = 0; index < Events; index++)
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"e\" data-e=\"{index}\" tabindex=\"0\" x=\"{90 + index * 11}\" y=\"{random.Next(Lanes) * 20 + 2}\" width=\"5\" height=\"14\"/>");
        return new Picture("What happened", $"Sixty promotions, number {number}.", "timeline", svg.Append("</svg>").ToString(), events);
    }
}
