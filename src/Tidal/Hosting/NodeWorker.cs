using Tidal.Replication;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>A worker thread of a node: its shards' replicas, and its part of the node's beats.</summary>
internal sealed class NodeWorker : HostThread
{
    private readonly NodeHost _node;
    private readonly Effects _nodeEffects = new();
    private readonly HostedReplica?[] _replicas;
    private readonly List<ShardReplica> _alive = [];
    private readonly List<HostedReplica> _toFlush = [];
    private NodeBeats _beats;
    private NodeOrders _orders;
    private bool _isUp;

    public NodeWorker(HostContext context, NodeHost node, int worker, string name)
        : base(context, name)
    {
        (_node, Memory) = (node, node.Memory);
        (_beats, _orders) = (NewBeats(), new NodeOrders(context.Options.Replication));
        _replicas = new HostedReplica?[context.Options.Topology.ShardCount];
        for (var shard = worker; shard < _replicas.Length; shard += Math.Clamp(context.Options.WorkersPerNode, 1, _replicas.Length))
            _replicas[shard] = new HostedReplica(context, this, new Address(node.Id.Region, new ShardId((ushort)shard), node.Id.Replica));
    }

    /// <summary>What its node knows.</summary>
    public NodeMemory Memory { get; private set; }

    /// <summary>The clocks, as read at the beginning of the round.</summary>
    public ClockReading Clocks => Now;

    /// <summary>The thread that waits for the node's disks.</summary>
    public Flusher Flusher => _node.Flusher;

    /// <summary>Whether any of its replicas runs. Read by any thread.</summary>
    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>Its replicas, in order of their shards.</summary>
    public IEnumerable<HostedReplica> Replicas => _replicas.OfType<HostedReplica>();

    /// <summary>Its replica of a shard.</summary>
    public HostedReplica this[ShardId shard] => _replicas[shard.Number]!;

    /// <summary>Stops all replicas and forgets what the node knew.</summary>
    public void StopAll(NodeMemory memory)
    {
        foreach (var replica in Replicas)
            replica.Stop();
        Memory = memory;
        (_beats, _orders) = (NewBeats(), new NodeOrders(Context.Options.Replication));
    }

    /// <summary>A replica started or stopped.</summary>
    public void ReplicasChanged()
    {
        _alive.Clear();
        foreach (var replica in _replicas)
        {
            if (replica?.Machine is { } machine)
                _alive.Add(machine);
        }
        Volatile.Write(ref _isUp, _alive.Count > 0);
    }

    /// <summary>Flushes a replica's store at the end of the round: until then more writes join it.</summary>
    public void FlushLater(HostedReplica replica) => _toFlush.Add(replica);

    protected override long NextDeadlineMicroseconds
    {
        get
        {
            if (_alive.Count == 0)
                return long.MaxValue;
            var next = Math.Min(_beats.NextDeadlineMicroseconds, _orders.NextDeadlineMicroseconds);
            for (var place = 0; place < _alive.Count; place++)
                next = Math.Min(next, _alive[place].NextDeadlineMicroseconds);
            return next;
        }
    }

    protected override void Handle(in Letter letter)
    {
        if (letter.To.IsNode)
            ReceiveAsNode(letter);
        else
            this[letter.To.Shard].Receive(Now, letter.From, (Message)letter.Body);
    }

    protected override void Tick()
    {
        _orders.Tick(Now, _alive);
        foreach (var replica in _replicas)
            replica?.Tick(Now);
        _beats.Tick(Now, _alive, _nodeEffects);
        SendAsNode();
    }

    // A flush that takes no time may bring about the next one.
    protected override void FinishRound()
    {
        for (var place = 0; place < _toFlush.Count; place++)
            _toFlush[place].BeginFlush(Now);
        _toFlush.Clear();
    }

    // Whatever it was, it is no one replica's, and none can do without it.
    protected override void OnFailed(Exception failure)
    {
        foreach (var replica in Replicas.Where(replica => replica.Machine is not null))
            replica.Fail(failure);
    }

    private NodeBeats NewBeats() => new(_node.Id, Context.Options.Topology, Context.Options.Replication.Raft, Memory.Tenants, Memory.Clocks);

    private void ReceiveAsNode(in Letter letter)
    {
        if (!_node.IsUp)
            return;
        if (letter.Body is TableUpdate update)
            _beats.Receive(update, _nodeEffects);
        else if (letter.Body is NodeHeartbeat heartbeat)
            ReceiveHeartbeat(letter.From.Replica, heartbeat);
        else if (letter.Body is StatusGathering gathering)
            Report(letter.From, gathering);
        SendAsNode();
    }

    private void ReceiveHeartbeat(ReplicaId from, NodeHeartbeat heartbeat)
    {
        _beats.Receive(Now, _node.Id with { Replica = from }, heartbeat, _nodeEffects);
        for (var place = 0; place < heartbeat.Beats.Count; place++)
        {
            var beat = heartbeat.Beats[place];
            _replicas[beat.Shard.Number]?.ReceiveBeat(Now, from, beat, heartbeat.Hlc);
        }
    }

    private void Report(Address asker, StatusGathering gathering)
    {
        _orders.Receive(Now, asker, gathering.Request, _alive, _nodeEffects);
        var part = (NodeStatus)_nodeEffects.Messages[^1].Message;
        _nodeEffects.Messages.RemoveAt(_nodeEffects.Messages.Count - 1);
        if (gathering.Add(part) is { } whole)
            _nodeEffects.Messages.Add(new Outgoing(asker, whole));
    }

    private void SendAsNode()
    {
        foreach (var outgoing in _nodeEffects.Messages)
            Context.Transport.Send(Address.OfNode(_node.Id), outgoing.To, outgoing.Message);
        _nodeEffects.Clear();
    }
}
