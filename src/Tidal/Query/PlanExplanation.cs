using System.Globalization;
using System.Text;
using Tidal.Schema;

namespace Tidal.Query;

/// <summary>Tells a plan as text for a reader: one line a part, in fixed order and the same on every machine. Long names are cut.</summary>
internal sealed class PlanExplanation
{
    private const int LabelWidth = 11;
    private const int ExcludedShown = 10;

    private readonly StringBuilder _text = new();
    private readonly RetrievePlan _plan;
    private readonly SignalSchema _schema;

    private PlanExplanation(RetrievePlan plan, SignalSchema schema) => (_plan, _schema) = (plan, schema);

    /// <summary>The text.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="schema">The schema that it was made by.</param>
    /// <param name="asked">The regions that it asks, by name, with the number of their shards.</param>
    /// <param name="heirs">The homes that do not answer for themselves, and who does, by name.</param>
    /// <param name="routingVersion">The version of the routing table that says so.</param>
    public static string Of(RetrievePlan plan, SignalSchema schema, IEnumerable<(string Region, int Shards)> asked,
        IEnumerable<(string Home, string Answers)> heirs, ulong routingVersion)
    {
        var explanation = new PlanExplanation(plan, schema);
        explanation.TellUser();
        explanation.TellRanking();
        explanation.TellConditions();
        explanation.TellReading(asked);
        explanation.TellRouting(heirs, routingVersion);
        return explanation._text.ToString().TrimEnd('\n');
    }

    private void TellUser()
    {
        if (_plan.User is not { } user)
            return;
        Line("for user", Shown(user.Value));
        Line("hides", "read first, in every region; what this user hides is left out by each shard and again of the merged list");
        Line("", _plan.Read == ReadScope.Local
            ? "without those of this region no item is listed"
            : "a region without them lists no item; without those of this region no item is listed");
    }

    private void TellRanking()
    {
        Line("profile", _plan.Profile switch
        {
            RankingProfile.New => "new: the newest item record first",
            RankingProfile.Top => "top: sum of weight x count",
            _ => "trending: sum of weight x decay score",
        });
        if (_plan.Profile != RankingProfile.New)
        {
            foreach (var term in _plan.Terms)
                Line("", TermText(_schema[term.Signal]));
        }
        Line("scope", _plan.Scope == CohortScope.Everyone
            ? "everyone"
            : $"users whose {Shown(_schema.Cohorts[_plan.Scope.Attribute])} is {Shown(_plan.Scope.Value)}");
        Line("window", _plan.Profile == RankingProfile.Top ? QueryWords.WordOf(QueryWords.Windows, _plan.Window) : "none");
    }

    private void TellConditions()
    {
        Line("filters", FiltersText());
        Line("excluded", ExcludedText());
        Line("diversity", _plan.MaxPerCreator is { } most ? $"at most {Count(most, "item")} of one creator" : "no bound");
        Line("limit", Count(_plan.Limit, "item"));
        if (_plan.After is { } last)
            Line("begins", $"behind {Shown(last.Item.Value)} of score {Number(last.Score)}");
    }

    private void TellReading(IEnumerable<(string Region, int Shards)> asked)
    {
        Line("read time", TimeText(_plan.ReadTimeMilliseconds));
        Line("read", _plan.Read == ReadScope.Local
            ? "local: this region alone, for all items"
            : "home: every region, for the items at home there");
        Line("asks", string.Join(", ", asked.Select(region => $"{Count(region.Shards, "shard")} of {region.Region}")));
    }

    private void TellRouting(IEnumerable<(string Home, string Answers)> heirs, ulong routingVersion)
    {
        Line("routing", $"version {routingVersion}");
        foreach (var (home, answers) in _plan.Read == ReadScope.Home ? heirs : [])
            Line("", $"{answers} answers for the items at home in {home}");
        Line("merge", "higher score first, equal scores by item, each item once");
        if (_plan.MaxPerCreator is not null)
            Line("", "the bound on creators holds in each shard and again over all");
    }

    private string TermText(SignalType signal)
    {
        var term = $"{Shown(signal.Name)}: weight {Number(signal.Weight)}";
        return _plan.Profile == RankingProfile.Trending ? $"{term}, half-life {SpanText(signal.HalfLifeMilliseconds)}" : term;
    }

    private string FiltersText()
    {
        var filters = _plan.Filters.Select(filter => Shown(filter.ToString()));
        var told = _plan.Unseen ? filters.Prepend(QueryWords.Unseen) : filters;
        return told.Any() ? string.Join(", ", told) : "none";
    }

    private string ExcludedText()
    {
        if (_plan.Excluded.Count == 0)
            return "none";
        var shown = string.Join(", ", _plan.Excluded.Order().Take(ExcludedShown).Select(item => Shown(item.Value)));
        return _plan.Excluded.Count <= ExcludedShown ? shown : $"{shown} and {_plan.Excluded.Count - ExcludedShown} more";
    }

    private void Line(string label, string text) => _text.Append(label.PadRight(LabelWidth)).Append(text).Append('\n');

    // Names come from outside: none of them may break a line.
    private static string Shown(string text) => QueryExcerpt.Cut(text, 0, text.Length);

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string SpanText(long milliseconds) => milliseconds switch
    {
        _ when milliseconds % 3_600_000 == 0 => $"{milliseconds / 3_600_000} h",
        _ when milliseconds % 60_000 == 0 => $"{milliseconds / 60_000} min",
        _ when milliseconds % 1_000 == 0 => $"{milliseconds / 1_000} s",
        _ => $"{milliseconds} ms",
    };

    // A caller of the gateway may give any number.
    private static string TimeText(long milliseconds) =>
        milliseconds is < QueryCursor.EarliestMilliseconds or > QueryCursor.LatestMilliseconds
            ? $"{milliseconds} ms since 1970"
            : new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(milliseconds * TimeSpan.TicksPerMillisecond)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
