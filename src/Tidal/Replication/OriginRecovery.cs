using Tidal.Schema;

namespace Tidal.Replication;

/// <summary>
/// Gets back what a region had accepted, when the group of a shard was founded anew after more stores were lost than it can
/// lose (PROTOCOL 6): the other members hold it. Until every one of them has answered, and the largest of their marks is
/// committed here, the group numbers nothing of its own and answers nothing. The primary's part; not safe for use by
/// several threads.
/// </summary>
internal sealed class OriginRecovery(ShardReplica replica)
{
    private readonly SortedDictionary<(TenantId, RegionId), ulong> _marks = [];

    /// <summary>Whether the host itself gives back what was accepted, and has not said yet that this is all: there may be no other member.</summary>
    public bool AwaitsHost { get; set; }

    /// <summary>Begins anew: what an earlier primary heard does not count.</summary>
    public void Restart() => _marks.Clear();

    /// <summary>A member says how far it holds this region's log.</summary>
    public void Heard(TenantId tenant, RegionId member, ulong number) => _marks[(tenant, member)] = number;

    /// <summary>Forgets what was said of a tenant: it is erased here.</summary>
    public void Forget(TenantId tenant)
    {
        _marks.RemoveWhere((said, _) => said.Item1 == tenant);
    }

    /// <summary>Whether a tenant's part is not back yet: of a group founded anew, or of a region that has left and returns.</summary>
    public bool IsOutstanding(TenantId tenant) => replica.Standings.IsComingBack(tenant) || IsLostAndOutstanding(tenant);

    private bool IsLostAndOutstanding(TenantId tenant)
    {
        var founded = replica.Raft.FoundingEpoch;
        if (founded == 0)
            return false;
        var own = replica.State.TenantOf(tenant).OriginOf(replica.Self.Region).Mark;
        if (replica.Settings.Tenants.Table.Version == 0)
            return true;
        // A record of a later epoch was written here since: it could not have been before everything was back.
        return AwaitsHost || (own.Epoch <= founded && !HaveAllAnswered(tenant, own.Number));
    }

    /// <summary>Whether every other member has said how far it holds this region's log, and none holds more than is here.</summary>
    private bool HaveAllAnswered(TenantId tenant, ulong ownNumber)
    {
        var holders = replica.Settings.Tenants.HoldersOf(tenant);
        for (var place = 0; place < holders.Count; place++)
        {
            if (holders[place] != replica.Self.Region && !(_marks.TryGetValue((tenant, holders[place]), out var number) && number <= ownNumber))
                return false;
        }
        return true;
    }
}
