namespace Reqnroll;

/// <summary>What all hooks share: the tags that they are limited to (any of them will do) and their order.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class HookAttribute : Attribute
{
    /// <summary>The order of a hook that states none.</summary>
    public const int DefaultOrder = 10000;

    private protected HookAttribute(params string[] tags) => Tags = tags;

    /// <summary>The tags, with or without the at sign. None means every feature or scenario.</summary>
    public string[] Tags { get; }

    /// <summary>Lower numbers run first, also among the After hooks.</summary>
    public int Order { get; set; } = DefaultOrder;
}

/// <summary>Once before everything; the method is static.</summary>
public class BeforeTestRunAttribute() : HookAttribute();

/// <summary>Once after everything; the method is static.</summary>
public class AfterTestRunAttribute() : HookAttribute();

/// <summary>Before the first scenario of a feature; the method is static.</summary>
public class BeforeFeatureAttribute(params string[] tags) : HookAttribute(tags);

/// <summary>After the last scenario of a feature; the method is static.</summary>
public class AfterFeatureAttribute(params string[] tags) : HookAttribute(tags);

/// <summary>Before the steps of each scenario, its backgrounds included.</summary>
public class BeforeScenarioAttribute(params string[] tags) : HookAttribute(tags);

/// <summary>After each scenario, failed ones included.</summary>
public class AfterScenarioAttribute(params string[] tags) : HookAttribute(tags);

/// <summary>Before each step that is run.</summary>
public class BeforeStepAttribute(params string[] tags) : HookAttribute(tags);

/// <summary>After each step that was run, failed ones included.</summary>
public class AfterStepAttribute(params string[] tags) : HookAttribute(tags);
