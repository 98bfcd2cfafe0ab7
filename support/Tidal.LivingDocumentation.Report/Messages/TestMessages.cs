using System.Text;
using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Messages.Protocol;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>One test: the steps of its example and the hook around them, and how it went. Immutable.</summary>
internal sealed class TestMessages
{
    private readonly TestRecord _test;
    private readonly IReadOnlyList<StepOutcome> _outcomes;
    private readonly string _started;
    private readonly string _worker;

    /// <param name="pickle">The example.</param>
    /// <param name="test">How it ended.</param>
    /// <param name="otherwise">When it began, if it is not on record.</param>
    /// <param name="worker">The process that ran it.</param>
    /// <param name="definitions">The step definitions.</param>
    public TestMessages(Pickle pickle, TestRecord test, DateTimeOffset otherwise, string worker, Definitions definitions)
    {
        (_test, _worker) = (test, worker);
        Began = test.Scenario?.Began ?? otherwise;
        _outcomes = StepResults.Of(test, pickle.Steps.Count);
        var id = StableId.Of("test", pickle.Id);
        _started = StableId.Of("test started", pickle.Id);
        var around = new TestStep(StableId.Of(id, "hook"), HookId: Around.Id);
        Case = new TestCase(id, pickle.Id, [.. pickle.Steps.Zip(_outcomes, (step, outcome) => StepOf(id, step, outcome, definitions)), around], MessagesFile.RunId);
    }

    /// <summary>What is done around the steps of every scenario.</summary>
    public static Hook Around { get; } = new(StableId.Of("hook"), "setting up, and the audit at the end", Definitions.PlaceOf("Hooks.AuditInvariants"), "AFTER_TEST_CASE");

    public DateTimeOffset Began { get; }

    public TestCase Case { get; }

    public IEnumerable<Envelope> Run
    {
        get
        {
            yield return new Envelope { TestCaseStarted = new TestCaseStarted(_started, Case.Id, 0, _worker, Moment.Of(Began)) };
            var time = Began;
            var shown = StepWithEvidence();
            for (var step = 0; step < _outcomes.Count; step++)
            {
                var id = Case.TestSteps[step].Id;
                yield return new Envelope { TestStepStarted = new TestStepStarted(_started, id, Moment.Of(time)) };
                time += TimeSpan.FromMilliseconds(_outcomes[step].Milliseconds);
                foreach (var attached in step == shown && _test.Scenario is { } scenario ? Attachments.Of(scenario) : [])
                    yield return new Envelope { Attachment = MessageOf(attached, id, Moment.Of(time)) };
                yield return new Envelope { TestStepFinished = new TestStepFinished(_started, id, _outcomes[step].Result, Moment.Of(time)) };
            }
            yield return new Envelope { TestCaseFinished = new TestCaseFinished(_started, Moment.Of(Ended(time)), WillBeRetried: false) };
        }
    }

    // Readers hide a hook that passed, so evidence is attached to the step that failed, or to the example's last.
    private int StepWithEvidence()
    {
        var failed = _outcomes.TakeWhile(outcome => outcome.Status is not (Status.Failed or Status.Undefined)).Count();
        return failed < _outcomes.Count ? failed : Math.Max(0, _outcomes.Count - 2);
    }

    // The steps' times are parts of the test's, which also has its hooks' in it.
    private DateTimeOffset Ended(DateTimeOffset stepsEnded)
    {
        var ended = Began + TimeSpan.FromMilliseconds(_test.Scenario?.Milliseconds ?? _test.Milliseconds);
        return ended > stepsEnded ? ended : stepsEnded;
    }

    private static TestStep StepOf(string test, PickleStep step, StepOutcome outcome, Definitions definitions)
    {
        var found = definitions.Of(outcome.Definition, step.Type);
        return new TestStep(StableId.Of(test, step.Id), PickleStepId: step.Id, StepDefinitionIds: found, StepMatchArgumentsLists: [.. found.Select(_ => new StepMatchArgumentsList([]))]);
    }

    private Attachment MessageOf(Attached attached, string step, Moment time)
    {
        var isImage = attached.MediaType.StartsWith("image/", StringComparison.Ordinal);
        var body = isImage ? Convert.ToBase64String(Encoding.UTF8.GetBytes(attached.Body)) : attached.Body;
        return new Attachment(body, isImage ? "BASE64" : "IDENTITY", attached.FileName, attached.MediaType, _started, step, time);
    }
}
