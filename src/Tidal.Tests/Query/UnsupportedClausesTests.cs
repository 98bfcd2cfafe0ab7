using Tidal.Query;

namespace Tidal.Tests.Query;

public sealed class UnsupportedClausesTests
{
    [Theory]
    [InlineData("EXPLAIN RETRIEVE items ‸FOR USER @1", "FOR USER")]
    [InlineData("RETRIEVE items LIMIT 5 ‸FOR USER @1", "FOR USER")]
    [InlineData("RETRIEVE items FILTER a:b, ‸unseen", "FILTER unseen")]
    [InlineData("RETRIEVE items FILTER ‸unblocked, unseen", "FILTER unblocked")]
    [InlineData("RETRIEVE items CURSOR c FILTER ‸unseen FOR USER @1", "FILTER unseen")]
    public void The_first_clause_that_cannot_be_carried_out_is_named(string marked, string clause)
    {
        var position = marked.IndexOf('‸');
        var text = marked.Remove(position, 1);
        var error = FluentActions.Invoking(() => UnsupportedClauses.Refuse(RetrieveParser.Parse(text)))
            .Should().Throw<QueryNotSupportedException>().Which;
        (error.Clause, error.Position).Should().Be((clause, position));
        error.Message.Should().Be(
            $"{clause} is not supported yet; expected a query without it.\n{text}\n{new string(' ', position)}^");
    }

    [Fact]
    public void All_others_pass() => UnsupportedClauses.Refuse(RetrieveParser.Parse(
        "EXPLAIN RETRIEVE items COHORT locale:EU USING PROFILE top WINDOW 1h FILTER a:b EXCLUDE [@1] DIVERSITY max_per_creator:1 READ local LIMIT 5 CURSOR c"));
}
