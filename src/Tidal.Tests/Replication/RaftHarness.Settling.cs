using Tidal.Replication.Raft;

namespace Tidal.Tests.Replication;

// What scenarios use to get on with it: time without faults.
internal sealed partial class RaftHarness
{
    private const int RoundsMax = 400;
    private const int DeliveriesMax = 20_000;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(25);

    /// <summary>Hands over everything under way, and reports every flush, until there is no more; but for what is held back.</summary>
    public void Settle(Func<Parcel, bool>? held = null)
    {
        var deliveries = 0;
        for (var place = 0; place < Network.Count || Replicas.Any(replica => replica.OwesFlush);)
        {
            if (++deliveries > DeliveriesMax)
                throw new RaftOracleException($"Messages beget messages without end. {Standing()}");
            foreach (var replica in _replicas)
                CompleteFlush(replica);
            while (place < Network.Count && held?.Invoke(Network[place]) == true)
                place++;
            if (place < Network.Count)
                Deliver(Network[place]);
        }
    }

    /// <summary>A round of time without faults: beats, deadlines, and everything that follows from them.</summary>
    public void Round(Func<Parcel, bool>? held = null)
    {
        Advance(RoundTime);
        foreach (var replica in _replicas)
        {
            if (replica.IsRunning && Now >= replica.Raft.NextDeadlineMicroseconds)
                Tick(replica);
            Beat(replica);
        }
        Settle(held);
    }

    /// <summary>Rounds for as long as is said.</summary>
    public void Rounds(TimeSpan time, Func<Parcel, bool>? held = null)
    {
        for (var end = Now + (long)time.TotalMicroseconds; Now < end;)
            Round(held);
    }

    /// <summary>Rounds until something holds; it must within ten seconds.</summary>
    public void RoundsUntil(Func<bool> holds, string what)
    {
        for (var round = 0; !holds(); round++)
        {
            if (round == RoundsMax)
                throw new RaftOracleException($"Within {RoundsMax * RoundTime} without faults: not {what}. {Standing()}");
            Round();
        }
    }

    /// <summary>Makes a replica the primary of a group without faults: its deadline passes first.</summary>
    public HarnessReplica Elect(int number)
    {
        var replica = _replicas[number];
        Advance(Options.ElectionTimeoutMin);
        TimeOut(replica);
        Settle();
        Beat(replica);
        Settle();
        replica.IsReadyPrimary.Should().BeTrue($"{Standing()}");
        return replica;
    }

    /// <summary>Whether there is one primary, all follow it level, and every replica is a voter.</summary>
    public bool IsWhole()
    {
        var primaries = 0;
        foreach (var replica in _replicas)
        {
            if (!replica.Raft.IsVoter || replica.OwesFlush || !IsLevel(replica, _replicas[0]))
                return false;
            if (replica.Raft.Role == RaftRole.Primary)
                primaries += replica.Raft.IsReadyPrimary ? 1 : 2;
        }
        return primaries == 1;
    }

    /// <summary>How all replicas stand, for people to read.</summary>
    public string Standing() => string.Join("; ", _replicas.Select(replica =>
        $"{replica}{(replica.IsRunning ? "" : " (down)")}: {replica.Raft.Role} in epoch {replica.Raft.Epoch}, " +
        $"{(replica.Raft.IsVoter ? "voter" : "learner")}, log to {replica.Raft.Log.LastIndex}, committed to {replica.Raft.CommitIndex}"));

    private static bool IsLevel(HarnessReplica one, HarnessReplica other) =>
        one.Raft.Epoch == other.Raft.Epoch && one.Raft.Log.LastIndex == other.Raft.Log.LastIndex
        && one.Raft.CommitIndex == one.Raft.Log.LastIndex && other.Raft.CommitIndex == other.Raft.Log.LastIndex;
}
