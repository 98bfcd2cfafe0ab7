using Reqnroll.BoDi;
using Tidal.ReqnrollStandIn.Running;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>How binding classes come by what they need, and how it is disposed of.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task Binding_classes_of_a_scenario_share_what_they_take_and_scenarios_share_nothing()
    {
        var journal = Journal.Begin();
        var results = await StandInRunner.RunAsync(
            "Feature: F\n  Scenario: A\n    When it counts\n    When it counts elsewhere\n  Scenario: B\n    When it counts", typeof(Here), typeof(Elsewhere));
        results.Should().OnlyContain(result => result.Passed);
        journal.Should().Equal("1", "2", "disposed Log", "disposed Driver", "1", "disposed Log", "disposed Driver");
    }

    [Fact]
    public async Task What_hooks_register_is_found_by_the_levels_below()
    {
        var journal = Journal.Begin();
        var results = await StandInRunner.RunAsync("Feature: F\n  Scenario: A\n    When it greets\n  Scenario: B\n    When it greets", typeof(Registering));
        results.Select(result => result.Error).Should().OnlyContain(error => error == null);
        journal.Should().Equal("run 1", "scenario A", "run 2", "scenario B", "disposed Run");
    }

    [Fact]
    public void What_was_resolved_cannot_be_registered_again()
    {
        var container = new ObjectContainer();
        container.RegisterTypeAs<Greeting, IGreeting>();
        container.Resolve<IGreeting>().Should().BeSameAs(container.Resolve<Greeting>());
        var again = () => container.RegisterInstanceAs<IGreeting>(new Greeting());
        again.Should().Throw<ObjectContainerException>();
    }

    [Theory]
    [InlineData(typeof(IGreeting))]
    [InlineData(typeof(string))]
    [InlineData(typeof(TimeSpan))]
    [InlineData(typeof(Circular))]
    [InlineData(typeof(TwoConstructors))]
    public void What_cannot_be_made_is_said(Type type)
    {
        var resolving = () => new ObjectContainer().Resolve(type);
        resolving.Should().Throw<ObjectContainerException>().WithMessage($"*{type.FullName}*");
    }

    [Fact]
    public async Task An_object_is_disposed_of_only_if_it_was_made_here_or_given_away()
    {
        var journal = Journal.Begin();
        var container = new ObjectContainer();
        container.RegisterInstanceAs(new Run(), dispose: true);
        container.RegisterInstanceAs(new Log());
        container.RegisterFactoryAs<IDisposable>(_ => new Driver(new Log()));
        container.Resolve<IDisposable>();
        await container.DisposeAsync();
        journal.Should().Equal("disposed Run", "disposed Driver");
    }

    private interface IGreeting;

    private sealed class Greeting : IGreeting;

    private sealed class Circular(CircularToo other)
    {
        public CircularToo Other { get; } = other;
    }

    private sealed class CircularToo(Circular other)
    {
        public Circular Other { get; } = other;
    }

    private sealed class TwoConstructors
    {
        public TwoConstructors(Log log) => Text = $"{log}";

        public TwoConstructors(Run run) => Text = $"{run}";

        public string Text { get; }
    }

    private sealed class Log : IDisposable
    {
        public void Dispose() => Journal.Note("disposed Log");
    }

    private sealed class Driver(Log log) : IAsyncDisposable, IDisposable
    {
        public int Count { get; set; }

        public Log Log { get; } = log;

        public void Dispose() => Journal.Note("disposed Driver the wrong way");

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Journal.Note("disposed Driver");
        }
    }

    private sealed class Run : IDisposable
    {
        public int Count { get; set; }

        public void Dispose() => Journal.Note("disposed Run");
    }

    [Binding]
    private sealed class Here(Driver driver)
    {
        [When("it counts")]
        public void Count() => Journal.Note($"{++driver.Count}");
    }

    [Binding]
    private sealed class Elsewhere(Driver driver)
    {
        [When("it counts elsewhere")]
        public void Count() => Journal.Note($"{++driver.Count}");
    }

    [Binding]
    private sealed class Registering(Run run, IGreeting greeting, ScenarioContext scenario, FeatureContext feature)
    {
        [BeforeTestRun]
        public static void BeforeRun(IObjectContainer container) => container.RegisterInstanceAs(new Run(), dispose: true);

        [BeforeFeature]
        public static void BeforeFeature(IObjectContainer container) => container.RegisterTypeAs<Greeting, IGreeting>();

        [BeforeScenario]
        public void Before()
        {
            feature.TryAdd("greeting", greeting);
            scenario.Set(scenario.ScenarioInfo.Title);
        }

        [When("it greets")]
        public void Greets()
        {
            greeting.Should().BeSameAs(feature.Get<IGreeting>("greeting"));
            Journal.Note($"run {++run.Count}");
            Journal.Note($"scenario {scenario.Get<string>()}");
        }
    }
}
