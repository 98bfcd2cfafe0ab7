using Tidal.Query;
using Tidal.Testing;

namespace Tidal.Cli;

/// <summary>
/// Asks for a tenant's newest items from every region while it moves, and holds each answer against what had been acknowledged
/// before it was asked: all of that must be in it.
/// </summary>
internal sealed class MigrationQueries
{
    private const int Limit = 100;

    private static readonly string Query = FormattableString.Invariant($"RETRIEVE items USING PROFILE new LIMIT {Limit}");

    private readonly SimulatedCluster _cluster;
    private readonly ReplayClients _clients;
    private readonly ReplayFaults _faults;
    private readonly string _edition;
    private readonly Action<Exception> _failed;
    private long _answered;

    public MigrationQueries(SimulatedCluster cluster, ReplayClients clients, ReplayFaults faults, string edition, Action<Exception> failed) =>
        (_cluster, _clients, _faults, _edition, _failed) = (cluster, clients, faults, edition, failed);

    /// <summary>Queries asked.</summary>
    public long Asked { get; private set; }

    /// <summary>Answers that lacked a shard or an item, and no fault of the plan kept it from the region that was asked.</summary>
    public long Short { get; private set; }

    /// <summary>Answers that lacked nothing but shards that a fault of the plan kept from the region that was asked, and said so.</summary>
    public long CutOff { get; private set; }

    /// <summary>Whether an answer is not there yet.</summary>
    public bool AreOutstanding => _answered < Asked;

    /// <summary>Asks once from every region.</summary>
    public void Ask()
    {
        foreach (var region in ReplayCluster.Regions)
            _ = AskAsync(region);
    }

    private async Task AskAsync(string region)
    {
        try
        {
            Asked++;
            var wanted = _clients.NewestOf(_edition, Limit);
            var asking = _cluster.Topology.Region(region);
            var struck = _faults.KeptFrom(asking).ToHashSet();
            var answer = await _clients.In(region, _edition).QueryAsync(Query).ConfigureAwait(false);
            struck.UnionWith(_faults.KeptFrom(asking));
            Judge(answer, wanted, struck);
            _answered++;
        }
        catch (Exception failure)
        {
            _failed(failure);
        }
    }

    private void Judge(QueryAnswer answer, IReadOnlyList<RankedItem> wanted, HashSet<ShardPlace> struck)
    {
        if (answer.Stats.IsDegraded && answer.Stats.Missing.All(part => struck.Contains(part.Place)))
            CutOff++;
        else if (answer.Stats.IsDegraded || LacksAnyOf(wanted, answer.Items))
            Short++;
    }

    /// <summary>Whether an item is missing that newer ones have not taken the place of.</summary>
    internal static bool LacksAnyOf(IReadOnlyList<RankedItem> wanted, IReadOnlyList<RankedItem> items)
    {
        var listed = items.Select(item => item.Item).ToHashSet();
        return wanted.Any(item => !listed.Contains(item.Item) && (items.Count < Limit || item.CompareTo(items[^1]) < 0));
    }
}
