using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Replication;

// What is read from a shard: only committed records are seen, at the read time that the gateway stamped.
public sealed partial class ShardReplica
{
    private readonly List<CohortScope> _cohorts = [];

    private void OnRead(Address gateway, GatewayRequest request)
    {
        switch (request)
        {
            case CohortRequest cohort:
                Effects.Send(gateway, new CohortReply { Try = cohort.Try, Cohorts = CohortsOf(cohort) });
                break;
            case ScoreRequest score:
                Effects.Send(gateway, ReadScore(score));
                break;
            case HidesRequest hides:
                AnswerOnceConfirmed(gateway, hides);
                break;
            case ShardQueryRequest query:
                Effects.Send(gateway, RunQuery(query));
                break;
        }
    }

    private CohortScope[][] CohortsOf(CohortRequest request)
    {
        var schema = _settings.Tenants.SchemaOf(request.Tenant);
        var state = _state.TenantOf(request.Tenant).State;
        var each = new CohortScope[request.Users.Count][];
        for (var index = 0; index < each.Length; index++)
            each[index] = CohortsOf(request.Users[index], state, schema);
        return each;
    }

    private CohortScope[] CohortsOf(UserId user, TenantState state, SignalSchema schema)
    {
        _cohorts.Clear();
        for (var place = 0; place < schema.Cohorts.Count; place++)
        {
            if (state.UserAttribute(user, schema.Cohorts[place]) is { } value)
                _cohorts.Add(new CohortScope(place, value));
        }
        return [.. _cohorts];
    }

    private ScoreReply ReadScore(ScoreRequest request)
    {
        var state = _state.TenantOf(request.Tenant).State;
        return new ScoreReply
        {
            Try = request.Try,
            Score = state.ReadDecayScore(request.Item, request.Signal, request.Scope, request.ReadTimeMilliseconds),
            Count = state.ReadCount(request.Item, request.Signal, request.Scope, CountWindow.All, request.ReadTimeMilliseconds),
            Marks = MarksOf(request.Tenant),
        };
    }

    private ShardQueryReply RunQuery(ShardQueryRequest request)
    {
        var isPrimary = _raft.IsReadyPrimary;
        return new ShardQueryReply
        {
            Try = request.Try,
            Answer = _executor.Execute(_state.TenantOf(request.Tenant).State, request.Plan, request.Homes),
            IsPrimary = isPrimary,
            CommitIndex = _raft.CommitIndex,
            Staleness = isPrimary ? TimeSpan.Zero : SilenceOfPrimary(),
            Origins = _follower.StalenessOf(request.Tenant),
        };
    }

    private TimeSpan SilenceOfPrimary() => _raft.LastPrimaryContactMicroseconds < 0
        ? TimeSpan.MaxValue
        : TimeSpan.FromMicroseconds(Math.Max(0, _now.MonotonicMicroseconds - _raft.LastPrimaryContactMicroseconds));
}
