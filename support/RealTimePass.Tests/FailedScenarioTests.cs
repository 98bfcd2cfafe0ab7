using System.Xml.Linq;

namespace Tidal.RealTimePass.Tests;

/// <summary>Only what the machine had a part in is judged anew.</summary>
public sealed class FailedScenarioTests
{
    private static readonly XDocument Results = XDocument.Parse("""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testId="a" outcome="Passed"><Output><StdOut>0.5 s  this machine stood still for 0.9 s</StdOut></Output></UnitTestResult>
            <UnitTestResult testId="b" outcome="Failed"><Output><StdOut>0.5 s  this machine stood still for 0.9 s</StdOut></Output></UnitTestResult>
            <UnitTestResult testId="c" outcome="Failed"><Output><StdOut>0.5 s  us-east is cut off</StdOut></Output></UnitTestResult>
            <UnitTestResult testId="d" outcome="Failed" />
          </Results>
          <TestDefinitions>
            <UnitTest id="a"><TestMethod className="Features.One" name="Passes" /></UnitTest>
            <UnitTest id="b"><TestMethod className="Features.One" name="StoodStill" /></UnitTest>
            <UnitTest id="c"><TestMethod className="Features.Two" name="IsWrong" /></UnitTest>
            <UnitTest id="d"><TestMethod className="Features.Two" name="SaysNothing" /></UnitTest>
          </TestDefinitions>
        </TestRun>
        """);

    [Fact]
    public void What_failed_is_told_with_whether_the_machine_stood_still() => FailedScenario.In(Results).Should().Equal(
        new FailedScenario("FullyQualifiedName=Features.One.StoodStill", true),
        new FailedScenario("FullyQualifiedName=Features.Two.IsWrong", false),
        new FailedScenario("FullyQualifiedName=Features.Two.SaysNothing", false));
}
