namespace Tidal.LivingDocumentation.Report.Messages.Protocol;

// What is run, and how it went.

internal enum Status
{
    /// <summary>Nobody saw how it ended.</summary>
    Unknown,
    Passed,
    Skipped,
    Undefined,
    Failed,
}

internal sealed record StepDefinition(string Id, StepDefinitionPattern Pattern, SourceReference SourceReference);

internal sealed record StepDefinitionPattern(string Source, string Type);

internal sealed record SourceReference(JavaMethod JavaMethod);

/// <summary>A method of a class: the protocol has no other word for one, and Reqnroll uses it too.</summary>
internal sealed record JavaMethod(string ClassName, string MethodName, IReadOnlyList<string> MethodParameterTypes);

internal sealed record Hook(string Id, string Name, SourceReference SourceReference, string Type);

internal sealed record TestRunStarted(string Id, Moment Timestamp);

internal sealed record TestCase(string Id, string PickleId, IReadOnlyList<TestStep> TestSteps, string TestRunStartedId);

/// <summary>A step of a test: of a pickle, with its definitions (none if it has none), or a hook.</summary>
internal sealed record TestStep(
    string Id, string? HookId = null, string? PickleStepId = null, IReadOnlyList<string>? StepDefinitionIds = null, IReadOnlyList<StepMatchArgumentsList>? StepMatchArgumentsLists = null);

internal sealed record StepMatchArgumentsList(IReadOnlyList<string> StepMatchArguments);

internal sealed record TestCaseStarted(string Id, string TestCaseId, int Attempt, string WorkerId, Moment Timestamp);

internal sealed record TestStepStarted(string TestCaseStartedId, string TestStepId, Moment Timestamp);

internal sealed record Attachment(
    string Body, string ContentEncoding, string FileName, string MediaType, string TestCaseStartedId, string TestStepId, Moment Timestamp);

internal sealed record TestStepFinished(string TestCaseStartedId, string TestStepId, TestStepResult TestStepResult, Moment Timestamp);

internal sealed record TestStepResult(Moment Duration, string? Message, Status Status, Failure? Exception);

internal sealed record Failure(string Type, string Message, string? StackTrace);

internal sealed record TestCaseFinished(string TestCaseStartedId, Moment Timestamp, bool WillBeRetried);

internal sealed record TestRunFinished(string TestRunStartedId, string? Message, bool Success, Moment Timestamp);

/// <summary>A time since 1970 in UTC, or how long something took.</summary>
internal readonly record struct Moment(long Seconds, long Nanos)
{
    public static Moment Of(DateTimeOffset time) => Of(time - DateTimeOffset.UnixEpoch);

    public static Moment Of(TimeSpan duration) => new(duration.Ticks / TimeSpan.TicksPerSecond, duration.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
}
