using System.Xml.Linq;

namespace Tidal.RealTimePass.Tests;

/// <summary>A scenario that failed, as the results of a run tell it. Immutable.</summary>
/// <param name="Filter">Selects it: for a row of an outline the whole outline.</param>
/// <param name="MachineStoodStill">Whether its history says that the process was given no time for a while.</param>
internal sealed record FailedScenario(string Filter, bool MachineStoodStill)
{
    /// <summary>What a scenario's failure report says then.</summary>
    private const string Said = "this machine stood still for";

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The scenarios that failed.</summary>
    /// <param name="results">The results of a run, as TRX.</param>
    public static IReadOnlyList<FailedScenario> In(XDocument results)
    {
        var names = results.Descendants(Trx + "UnitTest").ToDictionary(
            test => test.Attribute("id")!.Value,
            test => test.Element(Trx + "TestMethod") is { } method ? $"{method.Attribute("className")!.Value}.{method.Attribute("name")!.Value}" : "");
        return [.. results.Descendants(Trx + "UnitTestResult")
            .Where(result => result.Attribute("outcome")?.Value != "Passed")
            .Select(result => new FailedScenario(
                $"FullyQualifiedName={names[result.Attribute("testId")!.Value]}",
                result.Descendants(Trx + "StdOut").Any(output => output.Value.Contains(Said, StringComparison.Ordinal))))];
    }
}
