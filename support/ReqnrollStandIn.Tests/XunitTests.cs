using System.Reflection;
using Tidal.ReqnrollStandIn.Running;
using Tidal.ReqnrollStandIn.Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>The features embedded in this very assembly, as xunit finds and runs them.</summary>
public sealed class XunitTests
{
    private static readonly AssemblyName Assembly = typeof(XunitTests).Assembly.GetName();

    [Fact]
    public void Each_scenario_and_each_row_is_a_test_with_its_names_and_traits()
    {
        var cases = Discover();
        cases.Select(found => found.DisplayName).Should().Equal(
            "Passes for each row(row: \"1\")", "Passes for each row(row: \"2\")", "Passes without a step", "Fails for want of a definition");
        cases[2].TestMethod.TestClass.Class.Name.Should().Be("ReqnrollStandIn.Tests.Specimens.TogetherFeature");
        cases[2].TestMethod.Method.Name.Should().Be("PassesWithoutAStep");
        cases[2].Traits["Category"].Should().Equal("uat");
        cases[0].Traits["FeatureTitle"].Should().Equal("Alone");
        cases.Select(found => found.UniqueID).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_feature_is_one_collection_and_isolated_where_its_tag_says_so()
    {
        var collections = Discover().Select(found => found.TestMethod.TestClass.TestCollection).Distinct().ToList();
        collections.Should().HaveCount(2);
        collections[0].CollectionDefinition.Name.Should().Be(typeof(IsolatedFeatures).FullName);
        collections[1].CollectionDefinition.Should().BeNull();
    }

    [Fact]
    public void A_test_survives_the_way_between_processes()
    {
        using var framework = new FeatureTestFramework(new NullMessageSink());
        var original = Discover()[1];
        var text = framework.GetDiscoverer(Reflector.Wrap(typeof(XunitTests).Assembly)).Serialize(original);
        var copy = framework.GetExecutor(Assembly).Deserialize(text);
        copy.UniqueID.Should().Be(original.UniqueID);
        copy.TestMethod.TestClass.TestCollection.UniqueID.Should().Be(original.TestMethod.TestClass.TestCollection.UniqueID);
    }

    [Fact]
    public void A_run_reports_each_test_with_its_output()
    {
        var sink = new Sink();
        using var framework = new FeatureTestFramework(new NullMessageSink());
        framework.GetExecutor(Assembly).RunTests(Discover(), sink, new NoOptions());
        sink.Finished.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
        sink.Messages.OfType<ITestPassed>().Should().HaveCount(3);
        var failed = sink.Messages.OfType<ITestFailed>().Single();
        failed.Test.DisplayName.Should().Be("Fails for want of a definition");
        failed.Output.Should().Contain("-> undefined").And.Contain("Given nobody knows this");
    }

    [Theory]
    [InlineData("""{ "runtime": { "missingOrPendingStepsOutcome": "Ignore" } }""", "*'runtime'*")]
    [InlineData("""{ "generator": { "allowDebugGeneratedFiles": true } }""", "*'generator.allowDebugGeneratedFiles'*")]
    [InlineData("""{ "formatters": { "htlm": {} } }""", "*'formatters.htlm'*")]
    [InlineData("""{ "formatters": { "html": { "path": "x" } } }""", "*'formatters.html.path'*")]
    public void A_setting_that_is_not_known_is_refused(string settings, string message)
    {
        var reading = () => new StandInConfiguration(settings);
        reading.Should().Throw<ReqnrollException>().WithMessage(message);
    }

    [Fact]
    public void What_Reqnrolls_formatters_are_to_write_is_left_to_them()
    {
        var reading = () => new StandInConfiguration("""{ "formatters": { "html": { "outputFilePath": "a.html" }, "message": {} } }""");
        reading.Should().NotThrow();
    }

    private static List<ITestCase> Discover()
    {
        var sink = new Sink();
        using var framework = new FeatureTestFramework(new NullMessageSink());
        framework.GetDiscoverer(Reflector.Wrap(typeof(XunitTests).Assembly)).Find(false, sink, new NoOptions());
        return [.. sink.Messages.OfType<ITestCaseDiscoveryMessage>().Select(message => message.TestCase)];
    }

    private sealed class NoOptions : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }

    private sealed class Sink : IMessageSink
    {
        private readonly List<IMessageSinkMessage> _messages = [];

        public ManualResetEventSlim Finished { get; } = new();

        public IReadOnlyList<IMessageSinkMessage> Messages
        {
            get
            {
                lock (_messages)
                    return [.. _messages];
            }
        }

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (_messages)
                _messages.Add(message);
            if (message is ITestAssemblyFinished)
                Finished.Set();
            return true;
        }
    }
}
