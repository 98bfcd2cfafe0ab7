using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing;
using Tidal.Testing.Faults;
using Tidal.Testing.History;

namespace Tidal.Cli;

/// <summary>Strikes the faults of a replay at their times, and keeps account of them and of the failovers they cause.</summary>
internal sealed class ReplayFaults
{
    /// <summary>How closely a shard is watched for a write in flight once its crash is due.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMicroseconds(50);

    private readonly SimulatedCluster _cluster;
    private readonly ReplayPlan _plan;
    private readonly ReplayClients _clients;
    private readonly IReplayObserver _observer;
    private readonly List<(FaultSpec Spec, IFault Fault, DateTimeOffset From)> _running = [];
    private readonly List<(ShardCrash Crash, CrashSpec Spec)> _failing = [];
    private bool _isOver;

    public ReplayFaults(SimulatedCluster cluster, ReplayPlan plan, ReplayClients clients, IReplayObserver observer)
    {
        _cluster = cluster;
        _plan = plan;
        _clients = clients;
        _observer = observer;
        cluster.History.Written += OnWritten;
    }

    /// <summary>The faults that struck, in order of their beginning.</summary>
    public List<PlayedFault> Played { get; } = [];

    /// <summary>The failovers, in order.</summary>
    public List<PlayedFailover> Failovers { get; } = [];

    /// <summary>The faults that last, in words.</summary>
    public IEnumerable<string> Lasting => _running.Select(running => running.Fault.Description);

    /// <summary>Puts all faults on the calendar.</summary>
    public void Schedule()
    {
        foreach (var spec in _plan.Faults)
            At(spec.From, () => Strike(spec));
    }

    /// <summary>Ends every fault that still lasts; none begins any more.</summary>
    public void EndAll()
    {
        _isOver = true;
        foreach (var (spec, _, _) in _running.ToArray())
            End(spec);
        foreach (var spec in _plan.Faults.Where(spec => Played.All(played => played.Text != spec.Text)))
            _observer.Happened(_cluster.Now, $"did not strike, as nothing was written there after its time: {spec.Text}");
    }

    /// <summary>The shards that a fault keeps from a region now: those of another region behind a partition, and one whose primary has crashed.</summary>
    /// <param name="region">The region.</param>
    public IEnumerable<ShardPlace> KeptFrom(RegionId region) =>
        from running in _running
        from other in _cluster.Topology.Regions
        from shard in _cluster.Topology.Shards
        where Keeps(running.Spec, region, other, shard)
        select new ShardPlace(other, shard);

    private bool Keeps(FaultSpec spec, RegionId asking, RegionId region, ShardId shard)
    {
        var struck = _cluster.Topology.Region(spec.Region);
        return spec is CrashSpec crash ? region == struck && shard.Number == crash.Shard : asking != region && (asking == struck || region == struck);
    }

    private void At(TimeSpan sinceMidnight, Action action)
    {
        var delay = _plan.At(sinceMidnight) - _cluster.Now;
        _cluster.After(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, action);
    }

    private void Strike(FaultSpec spec)
    {
        if (_isOver)
            return;
        if (spec is PartitionSpec partition)
        {
            Begin(spec, NetworkPartition.Isolate(_cluster, _cluster.Topology.Region(spec.Region)));
            At(partition.To, () => End(spec));
        }
        else
        {
            CrashWhenUnanswered((CrashSpec)spec);
        }
    }

    private void CrashWhenUnanswered(CrashSpec spec)
    {
        if (_isOver)
            return;
        var region = _cluster.Topology.Region(spec.Region);
        var shard = new ShardId((ushort)spec.Shard);
        if (_clients.Unanswered(region, shard) == 0)
        {
            _clients.WhenSignalBegins(region, shard, () => CrashWhenUnanswered(spec));
            return;
        }
        if (_cluster.PrimaryOf(region, shard) is not { } primary || primary.Raft.Log.LastIndex == primary.Raft.CommitIndex)
        {
            _cluster.After(WatchInterval, () => CrashWhenUnanswered(spec));
            return;
        }
        var crash = ShardCrash.OfPrimary(_cluster, region, shard);
        _failing.Add((crash, spec));
        Begin(spec, crash);
        _cluster.After(ReplayCluster.CrashDuration, () => End(spec));
    }

    private void Begin(FaultSpec spec, IFault fault) => _running.Add((spec, fault, _cluster.Now));

    private void End(FaultSpec spec)
    {
        var place = _running.FindIndex(running => running.Spec == spec);
        if (place < 0)
            return;
        var (_, fault, from) = _running[place];
        _running.RemoveAt(place);
        fault.Dispose();
        Played.Add(PlayedFault.Of(spec, from, _cluster.Now));
        Played.Sort((left, right) => left.From.CompareTo(right.From));
    }

    private void OnWritten(HistoryLine line)
    {
        if (line.Kind == HistoryKind.Replica)
            OnReplica(line);
        else if (line.Kind is HistoryKind.FaultBegan or HistoryKind.Returned)
            _observer.Happened(_cluster.Now, line.Text);
        else if (line.Kind == HistoryKind.FaultEnded)
            _observer.Happened(_cluster.Now, $"over: {line.Text}");
    }

    private void OnReplica(HistoryLine line)
    {
        var place = $"{_cluster.Topology.NameOf(line.Place.Region)}/{line.Place.Shard.Number}";
        switch (line.Event.Kind)
        {
            case ReplicaEventKind.PrimaryReady when _cluster.Now >= _plan.Start:
                _observer.Happened(_cluster.Now, $"replica {line.Place.Replica.Number} is the primary of {place} in epoch {line.Event.Epoch}");
                NoteFailover(line);
                break;
            case ReplicaEventKind.BecameVoter when _cluster.Now >= _plan.Start:
                _observer.Happened(_cluster.Now, $"replica {line.Place.Replica.Number} of {place} is a voter again");
                break;
            case ReplicaEventKind.Diverged:
                _observer.Happened(_cluster.Now, $"DIVERGED: {place} and {_cluster.Topology.NameOf(line.Event.Region)} at number {line.Event.Number}");
                break;
        }
    }

    private void NoteFailover(HistoryLine line)
    {
        var place = _failing.FindIndex(failing =>
            failing.Crash.Crashed.Region == line.Place.Region && failing.Crash.Crashed.Shard == line.Place.Shard);
        if (place < 0)
            return;
        var (crash, spec) = _failing[place];
        _failing.RemoveAt(place);
        Failovers.Add(new PlayedFailover(spec.Region, spec.Shard, line.Event.Epoch, (_cluster.Elapsed - crash.BeganAt).TotalSeconds));
    }
}
