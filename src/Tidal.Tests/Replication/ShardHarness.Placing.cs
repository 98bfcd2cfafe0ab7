using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

// Where the first tenant is: changed by the test as a control plane would, a table version at a time.
internal sealed partial class ShardHarness
{
    /// <summary>The newest routing table; who knows it is up to the test.</summary>
    public RoutingTable Table { get; private set; } = RoutingTable.Empty;

    public TenantPlacement Placement => Table.Find(TenantId.First)!;

    /// <summary>Gives a region another standing, or none, and tells nobody.</summary>
    public void Stand(int region, MemberStanding? standing, OriginMark? departed = null)
    {
        var id = new RegionId((ushort)region);
        var others = Placement.Members.Where(member => member.Region != id);
        var own = standing is { } given ? [new TenantMember(id, given, Table.Version + 1)] : Array.Empty<TenantMember>();
        Table = Table.Replace(Placement with
        {
            Members = [.. others.Concat(own).OrderBy(member => member.Region)],
            Departed = departed is { } mark ? [new DepartedOrigin(id, [mark])] : Placement.Departed,
        });
    }

    /// <summary>Gives a region another standing, or none, tells everybody and lets it sink in.</summary>
    public void StandAndTell(int region, MemberStanding? standing, OriginMark? departed = null)
    {
        Stand(region, standing, departed);
        Publish(Table);
        Run(1000);
    }

    /// <summary>Lets one node know the newest table.</summary>
    public void Tell(Address node) => _tenants[KeyOf(node)].Take(Table);

    public ILogStore DiskOf(Address replica) => _replicas[KeyOf(replica)].Disk;

    /// <summary>Whether a text is anywhere on a replica's disk.</summary>
    public bool IsOnDisk(Address replica, string text)
    {
        var disk = DiskOf(replica);
        return disk.List().Any(file =>
        {
            var bytes = new byte[disk.Length(file)];
            disk.Read(file, 0, bytes);
            return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
        });
    }

    /// <summary>The kinds of the records of an origin in a replica's log, tail included.</summary>
    public static List<RecordKind> KindsIn(ShardReplica replica, int origin) =>
        [.. BatchesIn(replica, origin).SelectMany(batch => Log.Samples.ReadAll(batch)).Select(record => record.Kind)];
}
