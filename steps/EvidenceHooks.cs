using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>What is noted while a scenario runs, so that its evidence can be shown afterwards.</summary>
[Binding]
public sealed class EvidenceHooks(ScenarioContext scenario)
{
    [BeforeScenario("uat-step-1", Order = 20000)]
    public void MeasureArrivals(ClusterDriver driver) => driver.MeasureArrivals();

    [BeforeStep]
    public void NoteStep(ClusterDriver driver) =>
        driver.BeginStep($"{scenario.StepContext.StepInfo.StepDefinitionType}", scenario.StepContext.StepInfo.Text);
}
