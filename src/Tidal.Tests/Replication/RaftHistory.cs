using Tidal.Log;
using Tidal.Replication.Raft;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

/// <summary>
/// A random history of one group, all of it decided by a seed.
/// <para>
/// The fault contract. The network may lose, double, delay and reorder anything, and cut any way between two replicas.
/// Any process may be killed and any node lose power at any time, even all at once; a disk keeps what it was flushed and
/// any part of the rest. A store is lost (an empty disk, a tail torn or rotten) only while that, with the stores that
/// are no voters again yet, is a minority: one of three, two of five. When the faults stop, the group must be whole within ten seconds
/// of simulated time and hold everything it ever acknowledged.
/// </para>
/// </summary>
internal sealed class RaftHistory
{
    private readonly RaftHarness _group;
    private readonly DeterministicRandom _random;
    private readonly List<Parcel> _late = [];
    private readonly double _lossRate;
    private readonly double _lateRate;
    private readonly int[] _weights;
    private readonly int _steps;

    private RaftHistory(ulong seed, List<string>? trace)
    {
        _random = new DeterministicRandom(seed);
        _group = new RaftHarness(_random.Chance(0.7) ? 3 : 5, _random.NextBits(), OptionsOf(_random), BoundsOf(_random)) { Trace = trace };
        _lossRate = _random.Chance(0.5) ? 0 : _random.NextDouble() * 0.2;
        _lateRate = _random.NextDouble() * 0.3;
        _steps = 60 + _random.Next(91);
        // Deliver, flush, beat, propose, time out, advance, late parcel, cut ways, kill, lose power, lose disk, rot, checkpoint, mend ways, hand over, yield, restart.
        _weights = [40, 20, 8, 12, 3 + Some(4), 3, Some(8), Some(3), Some(2), Some(2), Some(3), Some(1), Some(8), 4, Some(6), Some(2), 8];
    }

    /// <summary>Lives through the history of a seed.</summary>
    /// <returns>How many records were acknowledged.</returns>
    public static int Run(ulong seed, List<string>? trace = null) => new RaftHistory(seed, trace).Run();

    /// <summary>How many checkpoints took the place of a follower's log in the history of a seed.</summary>
    public static int CheckpointsInstalledIn(ulong seed)
    {
        var history = new RaftHistory(seed, null);
        history.Run();
        return history._group.Oracle.InstalledCount;
    }

    // Small messages and windows let part of what a primary took over reach the others without the rest.
    private static RaftOptions OptionsOf(DeterministicRandom random) => new()
    {
        AppendBytesMax = random.Chance(0.4) ? 1 : 1 << 20,
        AppendWindowMax = random.Chance(0.3) ? 2 : 1024,
        SnapshotBytesMax = random.Chance(0.5) ? 50 : 1 << 20,
    };

    // Small segments and no retention: most who come back need the checkpoint.
    private static HarnessDisk BoundsOf(DeterministicRandom random) => new(
        new SegmentedLogOptions { SegmentBytesMax = random.Chance(0.7) ? 0 : 200 }, random.Chance(0.7) ? 0 : 300);

    // Each history has its own mix: some know no crash, some no loss of disks, some little else.
    private int Some(int most) => _random.Next(most + 1);

    private int Run()
    {
        if (_random.Chance(0.8))
            _group.Elect(_random.Next(_group.Count));
        for (var step = 0; step < _steps; step++)
        {
            _group.FlushesEarly = _group.FlushesEarly ? !_random.Chance(0.1) : _random.Chance(0.1);
            Step();
        }
        Recover();
        return _group.Oracle.AcknowledgedCount;
    }

    private void Step()
    {
        switch (Draw())
        {
            case 0: DeliverSome(); break;
            case 1: FlushSome(); break;
            case 2: _group.Beat(Any()); break;
            case 3: Propose(); break;
            case 4: TimeOut(); break;
            case 5: _group.Advance(TimeSpan.FromMilliseconds(_random.Next(200))); break;
            case 6: DeliverLate(); break;
            case 7: CutWays(); break;
            case 8: _group.Kill(Any()); break;
            case 9: LosePower(); break;
            case 10: LoseDisk(); break;
            case 11: Rot(); break;
            case 12: _group.Checkpoint(Any()); break;
            case 13: _group.MendWays(); break;
            case 14: HandOver(); break;
            case 15: Yield(); break;
            default: RestartSome(); break;
        }
    }

    private int Draw()
    {
        var drawn = _random.Next(_weights.Sum());
        var kind = 0;
        while (drawn >= _weights[kind])
            drawn -= _weights[kind++];
        return kind;
    }

    private HarnessReplica Any() => _group[_random.Next(_group.Count)];

    private void DeliverSome()
    {
        for (var left = 1 + _random.Next(12); left > 0 && _group.Network.Count > 0; left--)
        {
            var parcel = _group.Network[_random.Chance(0.8) ? 0 : _random.Next(_group.Network.Count)];
            if (_random.Chance(_lateRate))
            {
                _group.Network.Remove(parcel);
                _late.Add(parcel);
                continue;
            }
            if (_random.Chance(0.05))
                _late.Add(parcel);
            if (_random.Chance(_lossRate))
                _group.Network.Remove(parcel);
            else
                _group.Deliver(parcel);
        }
    }

    private void DeliverLate()
    {
        for (var left = 1 + _random.Next(3); left > 0 && _late.Count > 0; left--)
        {
            var place = _random.Next(_late.Count);
            var parcel = _late[place];
            _late.RemoveAt(place);
            _group.Deliver(parcel);
        }
    }

    private void FlushSome()
    {
        foreach (var replica in _group.Replicas)
        {
            if (_random.Chance(0.6))
                _group.CompleteFlush(replica);
        }
    }

    private void Propose()
    {
        foreach (var replica in _group.Replicas)
        {
            if (replica.IsPrimary && !replica.Raft.IsHandingOver && _random.Chance(0.8))
                _group.Propose(replica);
        }
    }

    private void TimeOut()
    {
        var replica = Any();
        if (replica.IsRunning)
            _group.TimeOut(replica);
    }

    private void HandOver()
    {
        foreach (var replica in _group.Replicas)
        {
            if (replica.IsPrimary)
                _group.HandOver(replica);
        }
    }

    private void Yield()
    {
        var replica = Any();
        replica.Raft.Yields = !replica.Raft.Yields;
    }

    private void RestartSome()
    {
        foreach (var replica in _group.Replicas)
        {
            if (_random.Chance(0.6))
                _group.Restart(replica);
        }
    }

    private void CutWays()
    {
        if (_random.Chance(0.5))
            _group.Isolate(Any());
        else
            _group.CutWay(_random.Next(_group.Count), _random.Next(_group.Count));
    }

    private void LosePower()
    {
        if (_random.Chance(0.1))
        {
            foreach (var replica in _group.Replicas)
                LosePower(replica);
        }
        else
        {
            LosePower(Any());
        }
    }

    /// <summary>A tail that is torn makes the store one that is lost; where that is too much, files keep all of their tails or none.</summary>
    private void LosePower(HarnessReplica replica)
    {
        var mayTear = _group.MayLoseStoreOf(replica);
        var store = replica.Raft.Store;
        _group.LosePower(replica, (_, unflushed) => mayTear && _random.Chance(0.5) ? _random.Next(0, unflushed + 1) : _random.Chance(0.5) ? unflushed : 0);
        if (!mayTear && replica.Raft.Store != store)
            throw new RaftOracleException($"{replica} lost power but nothing that was flushed, and no tail is torn; yet {replica.NewIdentityReason}.");
    }

    private void LoseDisk()
    {
        var replica = Any();
        if (_group.MayLoseStoreOf(replica))
            _group.LoseDisk(replica);
    }

    private void Rot()
    {
        var replica = Any();
        if (!_group.MayLoseStoreOf(replica) || replica.Raft.Log.LastIndex == 0)
            return;
        var file = _random.Chance(0.5) ? RaftHarness.LogFileOf(replica)
            : _random.Chance(0.5) ? replica.Disk.List().First(HardStateJournal.IsJournalFile)
            : replica.Disk.List()[_random.Next(replica.Disk.List().Count)];
        _group.Rot(replica, file, bytes =>
        {
            bytes[^(1 + _random.Next(Math.Min(bytes.Length, 120)))] ^= 1;
            return bytes;
        });
    }

    /// <summary>The faults stop, what was delayed arrives, and the group must become whole.</summary>
    private void Recover()
    {
        _group.MendWays();
        foreach (var replica in _group.Replicas)
            _group.Restart(replica);
        while (_late.Count > 0)
            DeliverLate();
        _group.RoundsUntil(_group.IsWhole, "one ready primary, level replicas, voters all");
        var primary = _group.Replicas.Single(replica => replica.IsReadyPrimary);
        var index = _group.Propose(primary);
        _group.RoundsUntil(() => _group.Oracle.CommittedIndex >= index && _group.IsWhole(), "a record committed by all");
        foreach (var replica in _group.Replicas)
            _group.Oracle.CheckHoldsCommitted(replica);
    }
}
