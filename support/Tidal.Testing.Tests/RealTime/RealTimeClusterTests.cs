using Tidal.Crdt;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Faults;
using Tidal.Testing.Oracles;
using Tidal.Testing.RealTime;

namespace Tidal.Testing.Tests.RealTime;

/// <summary>A cluster on threads: what is sent is counted, and what the oracles are for they see there too.</summary>
public sealed class RealTimeClusterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ItemId Song = new("song");
    private static readonly UserId Ana = new("ana");

    private readonly RealTimeCluster _cluster = new(new ClusterOptions
    {
        Topology = new Topology(["us-east", "eu-west"], shards: 1, replicas: 3),
        Schema = new SchemaBuilder().Signal("view", TimeSpan.FromHours(6)).Build(),
        RegionLink = (_, _) => new LinkOptions(TimeSpan.FromMilliseconds(1), TimeSpan.Zero),
    });

    [Fact]
    public void A_load_is_counted_once_everywhere_through_a_crash_and_a_partition()
    {
        using var load = Load(perSecond: 500);
        load.Begin();
        _cluster.Run(TimeSpan.FromMilliseconds(200));
        using (ShardCrash.OfPrimary(_cluster, default, default))
        using (NetworkPartition.Isolate(_cluster, default))
            _cluster.Run(TimeSpan.FromSeconds(2));
        load.End(Patience);
        _cluster.RunUntilQuiet(Patience).Should().BeTrue();
        var findings = ClusterAudit.Run(_cluster);
        findings.IsClean.Should().BeTrue(findings.ToString());
        (findings.Accepted, load.Accepted).Should().Be((load.Accepted, findings.Accepted));
        load.Accepted.Should().BeGreaterThan(500);
        _cluster.Lag.TakeWindow().Count.Should().BePositive();
    }

    [Fact]
    public void A_signal_that_one_replica_has_lost_is_found_by_the_truth()
    {
        var written = Write(Signal);
        _cluster.RunUntilQuiet(Patience).Should().BeTrue();
        ClusterAudit.Run(_cluster).IsClean.Should().BeTrue();
        _cluster.Look(() =>
        {
            var state = _cluster.Replicas(default, default).Last().State.TenantOf(TenantId.First).State;
            state.Apply(new BatchHeader { OriginEpoch = 1 }, 1000, LogRecord.Retraction(new HlcTimestamp(ulong.MaxValue / 2), written));
            return true;
        });
        GroundTruth.Compare(_cluster).Differences.Select(difference => $"{difference}").Should()
            .Contain("ground truth, us-east/0, replica 2: the count of song, signal type 0 in All is 0, and must be 1")
            .And.OnlyContain(difference => difference.StartsWith("ground truth, us-east/0, replica 2: "));
        ClusterAudit.Run(_cluster).IsClean.Should().BeFalse();
    }

    [Fact]
    public void A_signal_that_was_acknowledged_and_that_no_log_has_is_lost()
    {
        var written = Write(Signal);
        var unwritten = written with { Operation = written.Operation with { Number = 1000 } };
        _cluster.Ledger.Told(TenantId.First, default, unwritten, new WriteResult(WriteOutcomeKind.Acknowledged, default, null, default));
        _cluster.RunUntilQuiet(Patience).Should().BeTrue();
        ClusterAudit.Run(_cluster).Lost.Should().Be(1);
    }

    [Fact]
    public void A_signal_that_takes_long_is_measured_so()
    {
        _cluster.Lag.TakeWindow();
        using (new HeldUpSegments(_cluster, default, new RegionId(1)))
        {
            Write(Signal);
            _cluster.Run(TimeSpan.FromMilliseconds(300));
        }
        _cluster.RunUntilQuiet(Patience).Should().BeTrue();
        _cluster.Lag.TakeWindow().At(0.99).Should().BeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public void A_leak_is_seen_at_once()
    {
        Write(LogRecord.ForItem(default, default, NowMilliseconds, Song, default));
        Write(LogRecord.HardNegative(default, default, NowMilliseconds, Ana, Song.Value, TargetKind.Item, NegativeKind.Hide, isUndo: false));
        var asked = _cluster.Leaks.OnAsked(TenantId.First, RetrieveParser.Parse("RETRIEVE items FOR USER @ana"), default);
        var answer = _cluster.Await(_cluster.NewClient(default).QueryAsync("RETRIEVE items USING PROFILE new"), Patience);
        answer.Items.Should().ContainSingle();
        _cluster.Leaks.OnAnswer(asked, answer);
        _cluster.Leaks.Count.Should().Be(1);
    }

    [Fact]
    public void A_load_that_the_machine_cannot_offer_is_told_in_these_words()
    {
        using var measured = new MeasuredLoad(_cluster, 25_000, Options(perSecond: 300));
        _cluster.Run(TimeSpan.FromMilliseconds(500));
        var look = measured.MustBeOffered;
        look.Should().Throw<LoadNotOfferedException>().Which.Message.Should().MatchRegex(@"^load not offered: \d{1,3} of 25,000 signals/s$");
        new LoadNotOfferedException(12_345.6, 25_000).Message.Should().Be("load not offered: 12,345 of 25,000 signals/s");
        measured.End(Patience);
    }

    [Fact]
    public void Replicas_are_looked_at_only_while_all_stand_still()
    {
        var look = () => _cluster.PrimaryOf(default, default);
        look.Should().Throw<InvalidOperationException>();
        _cluster.Look(() => look()?.Self.Region).Should().Be(default(RegionId));
    }

    [Fact]
    public void What_needs_virtual_time_says_so()
    {
        var found = () => _cluster.FoundAnew(default, default);
        found.Should().Throw<VirtualTimeOnlyException>().Which.Message.Should().Contain("only in virtual time");
    }

    public void Dispose() => _cluster.Dispose();

    private long NowMilliseconds => _cluster.Now.ToUnixTimeMilliseconds();

    private LogRecord Signal => LogRecord.Signal(default, default, NowMilliseconds, Song, Ana, default);

    private LogRecord Write(LogRecord record)
    {
        var call = _cluster.Await(_cluster.NewClient(default).WriteAsync(record, TimeSpan.FromMilliseconds(50)), Patience);
        call.Result!.Outcome.Should().Be(WriteOutcomeKind.Acknowledged);
        return call.Record;
    }

    private SignalLoad Load(int perSecond) => new(_cluster, Options(perSecond));

    private static SignalLoadOptions Options(int perSecond) => new()
    {
        PerSecond = perSecond,
        Items = [Song],
        Users = [Ana],
        Signals = [default],
        SessionsPerRegion = 16,
    };
}
