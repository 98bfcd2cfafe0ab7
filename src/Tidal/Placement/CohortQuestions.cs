using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Placement;

/// <summary>
/// Reads the cohorts of all users of a call: each user once, and one question to each shard that knows any of them. Not safe for
/// use by several threads.
/// </summary>
internal sealed class CohortQuestions(Gateway gateway, WriteBatchCall call, Action<CohortQuestions> answered)
{
    private const int Nobody = -1;

    private readonly int[] _userOf = new int[call.Records.Length];
    private readonly SortedList<ShardId, List<int>> _usersIn = [];
    private readonly List<UserId> _users = [];
    private CohortScope[]?[] _cohorts = [];
    private int _outstanding;

    /// <summary>Asks, if there is a signal without its cohorts.</summary>
    /// <returns>Whether there is; then it is told when all shards have answered, or had their time.</returns>
    public bool TryAsk()
    {
        Gather();
        _cohorts = new CohortScope[_users.Count][];
        _outstanding = _usersIn.Count;
        for (var place = 0; place < _usersIn.Count; place++)
            Ask(_usersIn.GetKeyAtIndex(place), _usersIn.GetValueAtIndex(place));
        return _usersIn.Count > 0;
    }

    /// <summary>Gives a record its user's cohorts, if it is a signal without them.</summary>
    /// <returns>False if the user's shard did not answer.</returns>
    public bool TryStamp(int index)
    {
        if (_userOf[index] == Nobody)
            return true;
        if (_cohorts[_userOf[index]] is not { } cohorts)
            return false;
        call.Taken[index] = call.Taken[index] with { Cohorts = cohorts };
        return true;
    }

    private void Gather()
    {
        var places = new Dictionary<UserId, int>();
        for (var index = 0; index < _userOf.Length; index++)
        {
            ref readonly var record = ref call.Taken[index];
            _userOf[index] = Nobody;
            if (call.IsRefused(index) || !WriteSteps.NeedsCohorts(record))
                continue;
            if (!places.TryGetValue(record.User, out _userOf[index]))
                places.Add(record.User, _userOf[index] = Add(record.User));
        }
    }

    private int Add(UserId user)
    {
        var shard = gateway.ShardOf(call.Tenant, user);
        if (!_usersIn.TryGetValue(shard, out var users))
            _usersIn.Add(shard, users = []);
        users.Add(_users.Count);
        _users.Add(user);
        return _users.Count - 1;
    }

    private void Ask(ShardId shard, List<int> users)
    {
        var asked = users.ConvertAll(user => _users[user]);
        new ReadRoute<CohortReply>(
            gateway, call, shard, tried => new CohortRequest { Try = tried, Tenant = call.Tenant, Users = asked }, reply => OnReply(users, reply)).Begin();
    }

    private void OnReply(List<int> users, CohortReply? reply)
    {
        for (var place = 0; place < users.Count; place++)
            _cohorts[users[place]] = reply?.Cohorts[place];
        if (--_outstanding == 0)
            answered(this);
    }
}
