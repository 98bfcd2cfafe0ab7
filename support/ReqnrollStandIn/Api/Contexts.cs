using Reqnroll.BoDi;

namespace Reqnroll;

/// <summary>What features, scenarios and steps share: the error, and a bag for values by name or by type.</summary>
public abstract class ReqnrollContext : Dictionary<string, object?>
{
    /// <summary>The error that failed it, or null.</summary>
    public Exception? TestError { get; internal set; }

    /// <summary>Keeps a value under its type's name.</summary>
    public void Set<T>(T data) => Set(data, typeof(T).FullName!);

    /// <summary>Keeps a value under a name.</summary>
    public void Set<T>(T data, string key) => this[key] = data;

    /// <summary>The value kept under the type's name.</summary>
    public T Get<T>() => Get<T>(typeof(T).FullName!);

    /// <summary>The value kept under a name.</summary>
    public T Get<T>(string key) => (T)this[key]!;
}

/// <summary>The feature that runs.</summary>
public class FeatureContext : ReqnrollContext
{
    internal FeatureContext(FeatureInfo info, IObjectContainer container) => (FeatureInfo, FeatureContainer) = (info, container);

    /// <summary>The feature as its file states it.</summary>
    public FeatureInfo FeatureInfo { get; }

    /// <summary>Lives as long as the feature; every scenario's container asks it.</summary>
    public IObjectContainer FeatureContainer { get; }
}

/// <summary>The scenario that runs.</summary>
public class ScenarioContext : ReqnrollContext
{
    internal ScenarioContext(ScenarioInfo info, RuleInfo? rule, IObjectContainer container) =>
        (ScenarioInfo, RuleInfo, ScenarioContainer) = (info, rule, container);

    /// <summary>The scenario as its file states it.</summary>
    public ScenarioInfo ScenarioInfo { get; }

    /// <summary>The rule above it, or null.</summary>
    public RuleInfo? RuleInfo { get; }

    /// <summary>Lives as long as the scenario and disposes of what it made.</summary>
    public IObjectContainer ScenarioContainer { get; }

    /// <summary>How the scenario stands so far.</summary>
    public ScenarioExecutionStatus ScenarioExecutionStatus { get; internal set; }

    /// <summary>The step that runs; there is none outside of steps and their hooks.</summary>
    public ScenarioStepContext StepContext { get; internal set; } = null!;
}

/// <summary>The step that runs.</summary>
public class ScenarioStepContext : ReqnrollContext
{
    internal ScenarioStepContext(StepInfo info) => StepInfo = info;

    /// <summary>The step as it stands in the feature.</summary>
    public StepInfo StepInfo { get; }

    /// <summary>How the step ended.</summary>
    public ScenarioExecutionStatus Status { get; internal set; }
}

/// <summary>How a scenario or step stands; the higher wins over the lower.</summary>
public enum ScenarioExecutionStatus
{
    /// <summary>Nothing failed.</summary>
    OK,

    /// <summary>A step said that it is not written yet.</summary>
    StepDefinitionPending,

    /// <summary>No definition fits a step.</summary>
    UndefinedStep,

    /// <summary>Several definitions fit a step, or one whose parameters do not.</summary>
    BindingError,

    /// <summary>A step or a hook threw.</summary>
    TestError,

    /// <summary>A step after a failed one.</summary>
    Skipped,
}

/// <summary>Writes into the output of the scenario's test.</summary>
public interface IReqnrollOutputHelper
{
    /// <summary>Writes a line.</summary>
    void WriteLine(string message);

    /// <summary>Writes a line made of a format and its arguments.</summary>
    void WriteLine(string format, params object[] args);

    /// <summary>Names a file that belongs to the result.</summary>
    void AddAttachment(string filePath);
}
