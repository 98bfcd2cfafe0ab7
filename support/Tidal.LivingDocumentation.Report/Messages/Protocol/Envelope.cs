namespace Tidal.LivingDocumentation.Report.Messages.Protocol;

/// <summary>
/// A line of Cucumber Messages: just one of its properties is given. Names and shapes in this folder are those of the protocol's JSON schema,
/// version <see cref="Meta.Version"/>; what we have nothing to say in is left out.
/// </summary>
internal sealed record Envelope
{
    public Meta? Meta { get; init; }

    public Source? Source { get; init; }

    public GherkinDocument? GherkinDocument { get; init; }

    public Pickle? Pickle { get; init; }

    public StepDefinition? StepDefinition { get; init; }

    public Hook? Hook { get; init; }

    public TestRunStarted? TestRunStarted { get; init; }

    public TestCase? TestCase { get; init; }

    public TestCaseStarted? TestCaseStarted { get; init; }

    public TestStepStarted? TestStepStarted { get; init; }

    public Attachment? Attachment { get; init; }

    public TestStepFinished? TestStepFinished { get; init; }

    public TestCaseFinished? TestCaseFinished { get; init; }

    public TestRunFinished? TestRunFinished { get; init; }
}

internal sealed record Meta(string ProtocolVersion, Product Implementation, Product Runtime, Product Os, Product Cpu)
{
    public const string Version = "34.2.1";
}

internal sealed record Product(string Name, string? Version);
