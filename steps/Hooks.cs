using Reqnroll.BoDi;
using Tidal.LivingDocumentation;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Every scenario has a seed, ends with an audit, and says how to replay it when it fails.</summary>
[Binding]
public sealed class Hooks(ScenarioContext scenario, IReqnrollOutputHelper output)
{
    [BeforeScenario]
    public void GiveSeed(IObjectContainer container) =>
        container.RegisterInstanceAs(new ClusterDriver(ScenarioSeed.For(scenario.ScenarioInfo.Title), Substrate.For(scenario.ScenarioInfo.CombinedTags)), dispose: true);

    [BeforeStep]
    public void StopIfViolated(ClusterDriver driver) => driver.StopIfViolated();

    [AfterScenario(Order = 0)]
    public void AttachFigures(ClusterDriver driver)
    {
        if (driver.Figures is { } figures)
            output.WriteLine(figures);
    }

    [AfterScenario(Order = 1)]
    public void AuditInvariants(ClusterDriver driver)
    {
        if (scenario.TestError is null && driver.IsToBeAudited)
            driver.EndFaultsAndAudit().Should().BeNull("the invariants hold at the end of every scenario");
    }

    [AfterScenario(Order = 2)]
    public void SayHowToReplay(ClusterDriver driver)
    {
        if (scenario.TestError is not null)
            output.WriteLine(FailureReport.Of(driver, scenario.ScenarioInfo.Title));
    }
}
