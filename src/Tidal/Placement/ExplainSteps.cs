using Tidal.Query;

namespace Tidal.Placement;

/// <summary>An explained query: the plan as text, at once. No shard is asked, so it can be had when everything else is overloaded.</summary>
internal sealed class ExplainSteps : CallSteps
{
    private static readonly QueryStats Nothing = new()
    {
        Asked = [],
        Answered = [],
        Missing = [],
        Staleness = [],
        CandidatesConsidered = 0,
        CandidatesLeft = 0,
        TimeSpent = TimeSpan.Zero,
    };

    private readonly QueryCall _call;
    private readonly string _explanation;

    public ExplainSteps(Gateway gateway, QueryCall call)
        : base(gateway)
    {
        _call = call;
        var plan = gateway.PlanOf(call);
        var placement = new QueryPlacement(gateway, call.Tenant);
        var asked = plan.Read == ReadScope.Local ? [gateway.Region] : placement.Readers;
        _explanation = PlanExplanation.Of(
            plan,
            gateway.SchemaOf(call.Tenant),
            asked.Select(region => (gateway.Topology.NameOf(region), gateway.Topology.ShardCount)),
            placement.Heirs.Select(heir => (gateway.Topology.NameOf(heir.Home), gateway.Topology.NameOf(heir.Answers))),
            placement.RoutingVersion);
    }

    public override void Begin()
    {
        Explain();
        Gateway.Complete(_call);
    }

    public override void RefuseAsOverloaded() => Explain();

    private void Explain() => _call.Result = new QueryAnswer([], Nothing) { Explanation = _explanation };
}
