using Reqnroll.BoDi;
using Tidal.LivingDocumentation;
using Tidal.Testing.Drivers;

namespace TidalBdd.Steps;

/// <summary>Every scenario has a seed, ends with an audit, is put on record, and says how to replay it when it fails.</summary>
[Binding]
public sealed class Hooks(ScenarioContext scenario, FeatureContext feature, IReqnrollOutputHelper output)
{
    [BeforeScenario]
    public void GiveSeed(IObjectContainer container)
    {
        var substrate = Substrate.For(scenario.ScenarioInfo.CombinedTags);
        var driver = new ClusterDriver(ScenarioSeed.For(scenario.ScenarioInfo.Title), substrate);
        container.RegisterInstanceAs(driver, dispose: true);
        container.RegisterInstanceAs(new ScenarioRecorder(scenario.Facts(feature, substrate), driver));
    }

    [BeforeStep(Order = 0)]
    public void BeginStep(ScenarioRecorder recorder) => recorder.BeginStep(scenario.StepContext.StepInfo.Text, scenario.StepContext.Definition());

    [BeforeStep(Order = 1)]
    public void StopIfViolated(ClusterDriver driver) => driver.StopIfViolated();

    [AfterStep]
    public void EndStep(ScenarioRecorder recorder) => recorder.EndStep(scenario.ErrorOfStep());

    [AfterScenario(Order = 0)]
    public void AttachFigures(ClusterDriver driver)
    {
        if (driver.Figures is { } figures)
            output.WriteLine(figures);
    }

    // A hook that throws is the last one of its scenario: what the audit finds fails it only when all the rest is done.
    [AfterScenario(Order = 1)]
    public void AuditInvariants(ScenarioRecorder recorder) => recorder.Audit(hasFailed: scenario.Error() is not null);

    [AfterScenario(Order = 2)]
    public void PutOnRecord(ScenarioRecorder recorder) => output.Tell(recorder.Save(scenario.Error(), RunOfThisProcess.Folder));

    [AfterScenario(Order = 3)]
    public void SayHowToReplay(ClusterDriver driver, ScenarioRecorder recorder)
    {
        if (scenario.TestError is not null || recorder.HasAuditFailed)
            output.WriteLine(FailureReport.Of(driver, scenario.ScenarioInfo.Title));
    }

    [AfterScenario(Order = 4)]
    public void FailByAudit(ScenarioRecorder recorder) => recorder.ThrowIfAuditFailed();
}
