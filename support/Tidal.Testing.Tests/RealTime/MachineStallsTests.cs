using System.Diagnostics;
using Tidal.Replication.Raft;
using Tidal.Schema;
using Tidal.Testing.History;
using Tidal.Testing.RealTime;

namespace Tidal.Testing.Tests.RealTime;

/// <summary>A machine that stands still is no fault of the cluster's, and no excuse for ever.</summary>
public sealed class MachineStallsTests
{
    private readonly List<TimeSpan> _noticed = [];
    private readonly MachineStalls _stalls;
    private long _now;

    public MachineStallsTests() => _stalls = new MachineStalls(0, TimeSpan.Zero, new RaftOptions(), _noticed.Add);

    [Fact]
    public void What_the_machine_took_is_given_back_and_what_elections_take()
    {
        Wake(late: 900_000);
        _stalls.ExcusedMicroseconds.Should().Be(900_000 + 1_000_000);
        _stalls.WaitedMicroseconds.Should().Be(920_000 - 1_900_000);
        _noticed.Should().Equal(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public void Who_stood_still_for_less_than_an_election_timeout_elects_nobody()
    {
        Wake(late: 279_999);
        _stalls.ExcusedMicroseconds.Should().Be(279_999);
        Wake(late: 280_000);
        _stalls.ExcusedMicroseconds.Should().Be(279_999 + 280_000 + 1_000_000);
    }

    [Fact]
    public void A_busy_machine_is_not_one_that_stands_still()
    {
        Wake(late: 249_999);
        (_stalls.ExcusedMicroseconds, _noticed.Count).Should().Be((0, 0));
    }

    [Fact]
    public void A_pause_of_the_garbage_collector_is_our_own()
    {
        Wake(late: 900_000, paused: TimeSpan.FromMilliseconds(800));
        _stalls.ExcusedMicroseconds.Should().Be(0);
    }

    [Fact]
    public void Five_are_excused_and_no_more()
    {
        for (var stall = 0; stall < 7; stall++)
            Wake(late: 500_000);
        (_stalls.ExcusedMicroseconds, _noticed.Count).Should().Be((5 * 1_500_000, 5));
    }

    [Fact]
    public void A_wait_that_ends_while_the_process_stands_still_goes_on_after_it()
    {
        using var cluster = new RealTimeCluster(new ClusterOptions
        {
            Topology = new Topology(["us-east"], shards: 1, replicas: 1),
            Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Build(),
        });
        var began = cluster.Elapsed;
        using var still = Process.Start("sh", ["-c", $"sleep 0.2; kill -STOP {Environment.ProcessId}; sleep 0.6; kill -CONT {Environment.ProcessId}"]);
        cluster.Run(TimeSpan.FromSeconds(0.5));
        still.WaitForExit();
        (cluster.Elapsed - began).Should().BeGreaterThan(TimeSpan.FromSeconds(1.5));
        cluster.Run(TimeSpan.Zero);
        cluster.History.Lines.Should().Contain(line => line.Kind == HistoryKind.MachineStalled && line.Text.StartsWith("this machine stood still for 0."));
    }

    private void Wake(long late, TimeSpan paused = default) => _stalls.OnWoken(_now += late + 20_000, paused);
}
