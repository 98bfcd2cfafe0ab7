using Tidal.ReqnrollStandIn.Bindings;

namespace Tidal.ReqnrollStandIn.Tests;

/// <summary>Which texts an expression takes, and what it hands over.</summary>
public sealed class CucumberExpressionTests
{
    private static readonly ParameterTypes Types = new();

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("^a/b", false)]
    [InlineData("a/b$", false)]
    [InlineData("(a)", true)]
    [InlineData("(a+)", false)]
    [InlineData("any .* text", false)]
    [InlineData(@"\d+ items", false)]
    [InlineData(@"ends with a stop\.", false)]
    [InlineData("{int} of .*", true)]
    [InlineData("plain text", true)]
    public void An_expression_is_taken_for_cucumber_or_regular_as_reqnroll_does(string expression, bool cucumber) =>
        CucumberExpression.IsCucumber(expression).Should().Be(cucumber);

    [Theory]
    [InlineData("{int} signals", "-3 signals", "-3")]
    [InlineData("{long} signals", "12345678901 signals", "12345678901")]
    [InlineData("a score of {float}", "a score of 0.25", "0.25")]
    [InlineData("a score of {double}", "a score of -1.5", "-1.5")]
    [InlineData("in {word} now", "in us-east now", "us-east")]
    [InlineData("in {string}", "in \"us east\"", "us east")]
    [InlineData("in {string}", "in 'us east'", "us east")]
    [InlineData("all of {}", "all of this, and that", "this, and that")]
    [InlineData("all of {}", "all of ", "")]
    [InlineData("{string} and {int}", "\"a\" and 2", "a", "2")]
    [InlineData(@"a literal \{int} and \(more\)", "a literal {int} and (more)")]
    [InlineData(@"a \\ and a\/b", @"a \ and a/b")]
    [InlineData("{int} signal(s)", "1 signal", "1")]
    [InlineData("{int} signal(s)", "2 signals", "2")]
    [InlineData("is/are there", "are there")]
    [InlineData("signal(s)/write(s) there", "writes there")]
    [InlineData("50% of (the) [shards]?", "50% of the [shards]?")]
    [InlineData(@"^the (\d+)(?:st|nd)$", "the 1st", "1")]
    [InlineData("within (.*) seconds", "within 2 seconds", "2")]
    public void A_text_is_taken_with_its_arguments(string expression, string text, params string[] arguments)
    {
        var match = CucumberExpression.ToRegex(expression, Types.PatternOf).Match(text);
        match.Success.Should().BeTrue();
        match.Groups.Cast<System.Text.RegularExpressions.Group>().Skip(1).Where(group => group.Success).Select(group => group.Value)
            .Should().Equal(arguments);
    }

    [Theory]
    [InlineData("{int} signals", "three signals")]
    [InlineData("{int} signals", "3 signals more")]
    [InlineData("{int} signal(s)", "3 signals(s)")]
    [InlineData("{word}", "two words")]
    [InlineData("{string}", "without quotes")]
    [InlineData("is/are there", "is/are there")]
    [InlineData("ends.", "ends!")]
    public void Another_text_is_not_taken(string expression, string text) =>
        CucumberExpression.ToRegex(expression, Types.PatternOf).IsMatch(text).Should().BeFalse();

    [Theory]
    [InlineData("a {nothing} more")]
    [InlineData("an ( alone")]
    [InlineData("an empty ()")]
    [InlineData("an a/ alone")]
    [InlineData("(a)/b")]
    [InlineData("an optional ({int})")]
    [InlineData("near a/b{int}")]
    [InlineData("near {int}a/b")]
    [InlineData(@"an escaped \n")]
    [InlineData("a {word without end")]
    public void An_expression_that_is_not_valid_is_refused(string expression)
    {
        var reading = () => CucumberExpression.ToRegex(expression, Types.PatternOf);
        reading.Should().Throw<BindingException>().WithMessage($"*{expression}*");
    }
}
