using Reqnroll.Bindings;

namespace Reqnroll;

/// <summary>Marks a class that holds step definitions, hooks or argument transformations.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class BindingAttribute : Attribute;

/// <summary>What the four step attributes share: the expression and the keywords that it answers to.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class StepDefinitionBaseAttribute : Attribute
{
    private protected StepDefinitionBaseAttribute(string expression, params StepDefinitionType[] types)
    {
        Expression = expression;
        Types = types;
    }

    /// <summary>A Cucumber expression or a regular expression that matches the whole step text.</summary>
    public string Expression { get; }

    /// <summary>The keywords under which the step is found.</summary>
    public StepDefinitionType[] Types { get; }
}

/// <summary>A step found under <c>Given</c> only, and the <c>And</c>, <c>But</c> and <c>*</c> that follow one.</summary>
public class GivenAttribute(string expression) : StepDefinitionBaseAttribute(expression, StepDefinitionType.Given);

/// <summary>A step found under <c>When</c> only.</summary>
public class WhenAttribute(string expression) : StepDefinitionBaseAttribute(expression, StepDefinitionType.When);

/// <summary>A step found under <c>Then</c> only.</summary>
public class ThenAttribute(string expression) : StepDefinitionBaseAttribute(expression, StepDefinitionType.Then);

/// <summary>A step found under every keyword.</summary>
public class StepDefinitionAttribute(string expression)
    : StepDefinitionBaseAttribute(expression, StepDefinitionType.Given, StepDefinitionType.When, StepDefinitionType.Then);

/// <summary>
/// A method that makes a step argument out of text or of a table. With a <see cref="Name"/> it is a parameter type
/// of Cucumber expressions as well; without one it is chosen by the type that it returns.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class StepArgumentTransformationAttribute : Attribute
{
    /// <summary>The order of a transformation that states none.</summary>
    public const int DefaultOrder = 10000;

    /// <summary>Takes the whole argument.</summary>
    public StepArgumentTransformationAttribute()
    {
    }

    /// <summary>Takes arguments that match, and passes the capture groups.</summary>
    public StepArgumentTransformationAttribute(string regex, int order = DefaultOrder)
    {
        Regex = regex;
        Order = order;
    }

    /// <summary>The text that is taken, or null for any.</summary>
    public string? Regex { get; set; }

    /// <summary>The parameter type of Cucumber expressions, as in <c>{region}</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Where several fit, the lowest is used.</summary>
    public int Order { get; set; }
}
