using System.Diagnostics;
using Reqnroll;
using Reqnroll.Bindings;
using Reqnroll.BoDi;
using Tidal.ReqnrollStandIn.Bindings;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.ReqnrollStandIn.Running;

/// <summary>Runs one scenario in a container of its own.</summary>
internal sealed class ScenarioRun
{
    private readonly Suite _suite;
    private readonly Scenario _scenario;
    private readonly ObjectContainer _container;
    private readonly ScenarioContext _context;
    private readonly List<Exception> _errors = [];
    private Exception? _stepError;

    public ScenarioRun(Suite suite, ObjectContainer featureContainer, Scenario scenario)
    {
        (_suite, _scenario, _container) = (suite, scenario, new ObjectContainer(featureContainer));
        _context = new ScenarioContext(scenario.Info, scenario.Rule, _container);
        _container.RegisterInstanceAs(_context);
        _container.RegisterInstanceAs<IReqnrollOutputHelper>(Output);
    }

    public ScenarioOutput Output { get; } = new();

    /// <summary>Runs hooks and steps; what failed comes back, nothing is thrown.</summary>
    public async Task<Exception?> RunAsync()
    {
        await GuardAsync(RunHooksAsync<BeforeScenarioAttribute>);
        await GuardAsync(async () =>
        {
            foreach (var step in _scenario.Steps)
                await RunStepAsync(step);
        });
        await GuardAsync(RunHooksAsync<AfterScenarioAttribute>);
        await GuardAsync(() => _container.DisposeAsync().AsTask());
        List<Exception> errors = [.. _stepError is null ? [] : new[] { _stepError }, .. _errors];
        return errors.Count > 1 ? new AggregateException(errors) : errors.FirstOrDefault();
    }

    private async Task RunStepAsync(StepInstance step)
    {
        var stepContext = new ScenarioStepContext(new StepInfo(step));
        _context.StepContext = stepContext;
        Output.Step(step);
        var hooksRan = false;
        try
        {
            // The definition of a step that is left out is looked up too: an undefined step is said even after a pending one.
            var (definition, texts) = _suite.Matcher.Find(step);
            stepContext.StepInfo.BindingMatch = new BindingMatch(definition.Method);
            if (_context.ScenarioExecutionStatus != ScenarioExecutionStatus.OK)
                Skip(stepContext);
            else
            {
                var arguments = await ConvertAsync(definition, texts);
                hooksRan = true;
                await RunHooksAsync<BeforeStepAttribute>();
                await CallAsync(definition, arguments);
            }
        }
        catch (Exception error)
        {
            Fail(stepContext, error);
        }
        if (hooksRan)
            await RunHooksAsync<AfterStepAttribute>();
        _context.StepContext = null!;
    }

    private void Skip(ScenarioStepContext step)
    {
        step.Status = ScenarioExecutionStatus.Skipped;
        Output.WriteLine("-> skipped because of previous errors");
    }

    private async Task<object?[]> ConvertAsync(StepDefinition definition, object[] texts)
    {
        var arguments = new object?[texts.Length];
        for (var index = 0; index < texts.Length; index++)
            arguments[index] = await _suite.Converter.ConvertAsync(texts[index], definition.Parameters[index], _container);
        return arguments;
    }

    private async Task CallAsync(StepDefinition definition, object?[] arguments)
    {
        var clock = Stopwatch.StartNew();
        await definition.InvokeAsync(_container, arguments);
        Output.Outcome("done", $"{definition.Method.DeclaringType!.Name}.{definition.Method.Name}({string.Join(", ", arguments.Select(Shown))})", clock.Elapsed);
    }

    private static string? Shown(object? argument) => argument switch
    {
        Table => "<table>",
        string text => $"\"{text}\"",
        _ => argument?.ToString(),
    };

    private void Fail(ScenarioStepContext step, Exception error)
    {
        var (status, outcome) = error switch
        {
            PendingStepException => (ScenarioExecutionStatus.StepDefinitionPending, "pending"),
            MissingStepDefinitionException => (ScenarioExecutionStatus.UndefinedStep, "undefined"),
            BindingException => (ScenarioExecutionStatus.BindingError, "binding error"),
            _ => (ScenarioExecutionStatus.TestError, "error"),
        };
        step.Status = status;
        Output.Outcome(outcome, error.Message);
        // Of several steps in want, the gravest is told; the output holds them all.
        if (_context.ScenarioExecutionStatus >= status)
            return;
        _context.ScenarioExecutionStatus = status;
        _stepError = error;
        // Reqnroll leaves the error empty for steps that are pending or undefined.
        if (status >= ScenarioExecutionStatus.BindingError)
            _context.TestError = error;
    }

    private Task RunHooksAsync<TKind>() where TKind : HookAttribute => _suite.RunHooksAsync<TKind>(_container, _scenario.Info.CombinedTags);

    // Whatever throws here is a hook's, or an object's that is disposed of: it fails the scenario beside its step.
    private async Task GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error)
        {
            Output.Outcome("error", error.Message);
            _errors.Add(error);
            _context.TestError ??= error;
            _context.ScenarioExecutionStatus = ScenarioExecutionStatus.TestError;
        }
    }
}
