using System.Collections.Immutable;
using System.Globalization;
using Tidal.Schema;

namespace Tidal.Query;

public sealed partial class RetrieveParser
{
    private const string CohortForm = "attribute:value, like locale:EU";
    private const string FilterForm = "unseen, unblocked or key:value, like topic:news";
    private const string DiversityForm = "max_per_creator:n";

    private void ParseOpening()
    {
        if (_token.Is("EXPLAIN"))
        {
            Begin(QueryClause.Explain);
            _query = _query with { Explain = true };
            TakeKeyword("RETRIEVE");
        }
        else
        {
            TakeKeyword("RETRIEVE", "EXPLAIN");
        }

        TakeKeyword("items");
    }

    private void ParseClause()
    {
        if (!BeginsClause(_token))
            throw NoClause();
        var (first, second, clause) = Array.Find(QueryWords.Clauses, words => _token.Is(words.First));
        if (_positions[(int)clause] >= 0)
            throw Fault(_token.Start, $"{QueryWords.NameOf(first, second)} is given twice", "each clause at most once");
        Begin(clause);
        if (second is not null)
            TakeKeyword(second);
        _query = ParseOperand(clause);
    }

    private RetrieveQuery ParseOperand(QueryClause clause) => clause switch
    {
        QueryClause.ForUser => _query with { ForUser = new UserId(TakeId("a user id")) },
        QueryClause.Cohort => _query with { Cohort = TakeCohort() },
        QueryClause.Profile => _query with { Profile = TakeChoice(QueryWords.Profiles) },
        QueryClause.Window => _query with { Window = TakeChoice(QueryWords.Windows) },
        QueryClause.Filter => _query with { Filters = TakeFilters() },
        QueryClause.Exclude => _query with { Excluded = TakeItems() },
        QueryClause.Diversity => _query with { MaxPerCreator = TakeMaxPerCreator() },
        QueryClause.Read => _query with { Read = TakeChoice(QueryWords.Scopes) },
        QueryClause.Limit => _query with { Limit = TakeNumber(RetrieveQuery.MaximumLimit) },
        _ => _query with { Cursor = TakeValue("a cursor of an earlier answer", mayBeEmpty: false) },
    };

    private CohortSelector TakeCohort()
    {
        var key = TakeKey(CohortForm);
        var value = TakeValue("a value of the attribute", mayBeEmpty: false);
        return new CohortSelector(key.Value, value) { Location = At(key.Start) };
    }

    private ImmutableArray<QueryFilter> TakeFilters()
    {
        var filters = ImmutableArray.CreateBuilder<QueryFilter>();
        do
            filters.Add(TakeFilter());
        while (TryTake(QueryTokenKind.Comma));
        return _token.Kind == QueryTokenKind.End || BeginsClause(_token) ? filters.ToImmutable() : throw NoClause("a comma");
    }

    private QueryFilter TakeFilter()
    {
        var location = At(_token.Start);
        if (TryTake(QueryWords.Unseen))
            return new UnseenFilter { Location = location };
        if (TryTake(QueryWords.Unblocked))
            return new UnblockedFilter { Location = location };
        var key = TakeKey(FilterForm, QueryWords.Unseen, QueryWords.Unblocked);
        return new AttributeFilter(key.Value, TakeValue("a value of the key", mayBeEmpty: true)) { Location = location };
    }

    private ImmutableArray<ItemId> TakeItems()
    {
        if (!TryTake(QueryTokenKind.Open))
            throw Found("a list in [ ]");
        var items = ImmutableArray.CreateBuilder<ItemId>();
        if (TryTake(QueryTokenKind.Close))
            return [];
        do
        {
            if (items.Count == RetrieveQuery.MaximumExcluded)
                throw Fault(_token.Start, "The list is too long", "at most 1,000 ids");
            items.Add(new ItemId(TakeId("an item id")));
        }
        while (TryTake(QueryTokenKind.Comma));
        return TryTake(QueryTokenKind.Close) ? items.ToImmutable() : throw Found("a comma or ]");
    }

    private int TakeMaxPerCreator()
    {
        var key = TakeKey(DiversityForm, QueryWords.MaxPerCreator);
        if (!key.Is(QueryWords.MaxPerCreator))
            throw Found(key, DiversityForm, QueryWords.MaxPerCreator);
        return TakeNumber(RetrieveQuery.MaximumLimit);
    }

    private int TakeNumber(int maximum)
    {
        var isNumber = int.TryParse(_token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (_token.Kind != QueryTokenKind.Word || !isNumber || number < 1 || number > maximum)
            throw Found(string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {maximum:N0}"));
        Advance();
        return number;
    }

    private void CheckWindow()
    {
        var position = _positions[(int)QueryClause.Window];
        if (position >= 0 && _query.Profile != RankingProfile.Top)
            throw Fault(position, $"WINDOW is used with profile {QueryWords.WordOf(QueryWords.Profiles, _query.Profile)}", "USING PROFILE top");
    }
}
