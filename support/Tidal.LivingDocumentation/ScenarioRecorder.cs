using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation;

/// <summary>
/// Watches one run of one scenario, by what hooks tell it, and puts it on record. Whatever goes wrong with the recording is said in the
/// scenario's output and neither fails the scenario nor hides how it ended. Not safe for use by several threads.
/// </summary>
/// <param name="facts">What is known before it runs.</param>
/// <param name="driver">The scenario's driver.</param>
public sealed class ScenarioRecorder(ScenarioFacts facts, ClusterDriver driver)
{
    /// <summary>The most characters that are kept of an error.</summary>
    public const int ErrorCharactersMost = 20_000;

    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly List<StepRecord> _steps = [];
    private long _stepBegun;
    private Exception? _auditError;

    /// <summary>A step begins.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="definition">The method that it is bound to, as <c>Class.Method</c>; null if that cannot be told.</param>
    public void BeginStep(string text, string? definition)
    {
        _steps.Add(new StepRecord(text, 0, definition));
        _stepBegun = Stopwatch.GetTimestamp();
    }

    /// <summary>The step that began last has ended.</summary>
    /// <param name="error">Its error; null if it passed.</param>
    /// <exception cref="InvalidOperationException">None has begun.</exception>
    public void EndStep(string? error)
    {
        if (_steps is not [.., var step])
            throw new InvalidOperationException("No step has begun.");
        _steps[^1] = step with { Milliseconds = Stopwatch.GetElapsedTime(_stepBegun).TotalMilliseconds, Error = Shortened(error) };
    }

    /// <summary>Audits the cluster, unless the scenario has failed already. What is found is kept until <see cref="ThrowIfAuditFailed"/>, so that it can be put on record first.</summary>
    /// <param name="hasFailed">Whether the scenario has failed.</param>
    public void Audit(bool hasFailed)
    {
        if (hasFailed || !driver.IsToBeAudited)
            return;
        try
        {
            if (driver.EndFaultsAndAudit() is { } finding)
                _auditError = new AuditException(finding);
        }
        catch (Exception error)
        {
            _auditError = error;
        }
    }

    /// <summary>Whether the audit found something, or could not be made.</summary>
    public bool HasAuditFailed => _auditError is not null;

    /// <summary>Writes the record, and each picture into a file of its own.</summary>
    /// <param name="error">What failed the scenario, the audit left out; null if nothing did.</param>
    /// <param name="run">Gives the folder of the run.</param>
    /// <returns>What is to be told in the scenario's output.</returns>
    public SavedRecord Save(string? error, Func<RunFolder> run) => new RecordSaver(driver).Save(ToRecord(error), run);

    /// <summary>Fails the scenario by what the audit found.</summary>
    /// <exception cref="AuditException">It found something.</exception>
    public void ThrowIfAuditFailed()
    {
        if (_auditError is not null)
            ExceptionDispatchInfo.Throw(_auditError);
    }

    private ScenarioRecord ToRecord(string? error) => new()
    {
        FeatureFolder = (facts.FeatureFolder ?? "").Replace('\\', '/'),
        Feature = facts.Feature,
        Title = facts.Title,
        Arguments = facts.Arguments,
        Substrate = facts.Substrate == SubstrateKind.VirtualTime ? "virtual time" : "real time",
        Runtime = facts.Runtime,
        Began = _began,
        Milliseconds = Stopwatch.GetElapsedTime(_begun).TotalMilliseconds,
        Seed = driver.Seed,
        Replay = FailureReport.ReplayOf(driver, facts.Title),
        Steps = _steps,
        Error = Shortened(error ?? _auditError?.Message),
    };

    private static string? Shortened(string? error) => error is { Length: > ErrorCharactersMost } ? error[..ErrorCharactersMost] + " …" : error;
}
