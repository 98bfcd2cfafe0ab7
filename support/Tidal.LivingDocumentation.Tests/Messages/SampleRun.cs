using Tidal.LivingDocumentation.Records;
using Tidal.LivingDocumentation.Report.Features;

namespace Tidal.LivingDocumentation.Tests.Messages;

/// <summary>A small run with one of everything, to be changed by each test as it needs it.</summary>
internal static class SampleRun
{
    /// <summary>Texts that do harm where they are taken for anything but data.</summary>
    public const string Hostile = "</script><script>alert(1)</script>&amp; \"quotes\" 'single' \u202Eright to left\u2028 | pipe \\ \u0000 \uD800 <b>";

    public const string Text = """
        # What a primary's crash costs.
        @failover @uat
        Feature: A shard primary crashes
          Nobody notices.

          Background:
            Given a cluster of "us-east" and "eu-west"

          @plain
          Scenario: A follower is promoted
            A description.

            When the primary crashes
            Then a follower is the primary
            And signals are counted:
              | item | signals |
              | song | 3       |

          Rule: 1. Nothing is lost

            Background:
              Given these clients:
                ```text
                one and two
                ```

            @rows
            Scenario Outline: <region> loses <what> replicas
              When <region> loses <what>
              * it is told "<what>"
              Then nothing is lost in <region>:
                | <region> | <what> |

              @few
              Examples: A few
                | region  | what |
                | us-east | one  |
                | eu-west | $1   |

              Examples: None

            Scenario: Without a step
        """;

    public static readonly DateTimeOffset Began = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public static readonly DefinitionRecord[] Definitions =
    [
        new("Given", "a cluster of {string} and {string}", "ClusterSteps.Cluster"),
        new("When", "the primary crashes", "FailoverSteps.Crash"),
        new("Given", "^a follower is the primary$", "FailoverSteps.Promoted"),
        new("Then", "^a follower is the primary$", "FailoverSteps.Promoted"),
        new("Then", "nobody uses this", "UnusedSteps.Unused"),
    ];

    public static FeatureFile Feature { get; } = FeatureReader.Read("features/failover/a-crash.feature", "failover", Text);

    /// <summary>A test of "A follower is promoted", which passed.</summary>
    public static TestRecord Promoted { get; } = Test("A follower is promoted", [
        new StepRecord("a cluster of \"us-east\" and \"eu-west\"", 1.5, "ClusterSteps.Cluster"),
        new StepRecord("the primary crashes", 20, "FailoverSteps.Crash"),
        new StepRecord("a follower is the primary", 300.25, "FailoverSteps.Promoted"),
        new StepRecord("signals are counted:", 2, null),
    ]);

    /// <summary>A test of the first row of the outline, which passed.</summary>
    public static TestRecord Row(string region, string what) => Test("<region> loses <what> replicas", [], new NamedValue("region", region), new NamedValue("what", what));

    public static TestRecord Test(string title, IReadOnlyList<StepRecord> steps, params NamedValue[] arguments) => new()
    {
        Feature = "A shard primary crashes",
        DisplayName = arguments.Length == 0 ? title : $"{title}({string.Join(", ", arguments.Select(argument => $"{argument.Name}: \"{argument.Value}\""))})",
        Passed = true,
        Milliseconds = 400,
        Scenario = new ScenarioRecord
        {
            FeatureFolder = "failover",
            Feature = "A shard primary crashes",
            Title = title,
            Arguments = arguments,
            Substrate = "virtual time",
            Runtime = "the stand-in for Reqnroll 3.3.3",
            Began = Began.AddSeconds(1),
            Milliseconds = 390.5,
            Seed = 719108,
            Replay = "TIDAL_SEED=719108 dotnet test",
            Steps = steps,
        },
    };

    /// <summary>The test, failed in a step: those behind it are not on record.</summary>
    public static TestRecord FailedIn(this TestRecord test, int step, string error, string? definition = "FailoverSteps.Crash") => test with
    {
        Passed = false,
        Message = error,
        Scenario = test.Scenario! with { Error = error, Steps = [.. test.Scenario.Steps.Take(step), test.Scenario.Steps[step] with { Error = error, Definition = definition }] },
    };

    public static TestRecord Showing(this TestRecord test, params Evidence[] evidence) => test with { Scenario = test.Scenario! with { Evidence = evidence } };

    public static PassRecord Pass(params TestRecord[] tests) => new()
    {
        Began = Began,
        Seconds = 12.5,
        Build = "build",
        Commit = "abc",
        Machine = "a machine",
        Tests = tests,
        Definitions = Definitions,
    };
}
