using System.Diagnostics.Metrics;
using System.Globalization;
using Tidal.Hosting;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What a listener hears of a database and of a cluster.</summary>
[Collection(InRealTime.Name)]
public sealed class MetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];
    private readonly HashSet<string> _tags = [];
    private readonly Lock _lock = new();

    public MetricsTests()
    {
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Heard(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Heard(instrument, value, tags));
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_database_counts_calls_flushes_and_what_they_committed()
    {
        Listen();
        await using var db = TidalDb.Open(HostedClusters.Views);
        for (var i = 0; i < 5; i++)
            await db.SignalAsync("ana", "view", "song");
        await db.Awaiting(held => held.SignalAsync("ana", "view", "song", weight: double.NaN).AsTask()).Should().ThrowAsync<WriteRefusedException>();
        await db.RetrieveAsync("RETRIEVE items");
        Sum($"{TidalMetrics.Calls} region=local outcome=acknowledged").Should().Be(5);
        Sum($"{TidalMetrics.Calls} region=local outcome=refused").Should().Be(1);
        Sum($"{TidalMetrics.Calls} region=local outcome=answered").Should().Be(1);
        Sum($"{TidalMetrics.ElectionsWon} region=local shard=0 replica=0").Should().Be(1);
        // The session's opening too.
        Sum($"{TidalMetrics.RecordsCommitted} region=local shard=0 replica=0").Should().Be(6);
        Sum($"{TidalMetrics.BatchRecords} region=local shard=0 replica=0").Should().Be(6);
        foreach (var counted in new[] { TidalMetrics.Commits, TidalMetrics.Flushes, TidalMetrics.FlushDuration })
            Sum($"{counted} region=local shard=0 replica=0").Should().BeGreaterThan(0);
        Sum($"{TidalMetrics.AcknowledgementLatency} region=local").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task A_cluster_says_how_far_its_regions_are_and_what_waits_when_it_is_asked()
    {
        Listen();
        await using var cluster = await StartAsync(Options(regions: 2, shards: 1));
        foreach (var region in cluster.Topology.Regions)
            await cluster.Client(region).SignalAsync("ana", "view", "song");
        _listener.RecordObservableInstruments();
        _tags.Should().Contain([
            $"{TidalMetrics.ReplicationLag} from=us-east to=eu-west", $"{TidalMetrics.ReplicationLag} from=eu-west to=us-east",
            $"{TidalMetrics.UncommittedEnvelopes} region=eu-west shard=0 replica=2", $"{TidalMetrics.MailboxDepth} thread=tidal us-east gateway",
            $"{TidalMetrics.MessagesDropped} thread=tidal us-east gateway"]);
        Sum($"{TidalMetrics.Calls} region=us-east outcome=acknowledged").Should().BeGreaterThanOrEqualTo(1);
        _tags.Where(tag => tag.StartsWith(TidalMetrics.ElectionsWon, StringComparison.Ordinal)).Should().HaveCountGreaterThanOrEqualTo(2);
        // Its own threads cannot wait for themselves.
        var heard = _tags.Count;
        _tags.Clear();
        await cluster.InspectAsync(cluster.PrimaryOf(UsEast, default)!.Value, _ =>
        {
            _listener.RecordObservableInstruments();
            return 0;
        });
        _tags.Should().NotContain(tag => tag.StartsWith(TidalMetrics.ReplicationLag, StringComparison.Ordinal)).And.HaveCountLessThan(heard);
    }

    [Fact]
    public async Task A_cluster_that_is_gone_is_heard_of_no_more()
    {
        Listen();
        await (await StartAsync(Options(replicas: 1))).DisposeAsync();
        _tags.Clear();
        _listener.RecordObservableInstruments();
        _tags.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Measuring_allocates_nothing(bool isHeard)
    {
        using var metrics = new TidalMetrics(new Topology(["us-east"], 1, 1));
        var replica = metrics.Of(new Address(default, default, default));
        var calls = metrics.Of(new RegionId(0));
        using var silent = new MeterListener();
        silent.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        silent.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        silent.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        if (isHeard)
            silent.Start();
        List<ReplicaEvent> events = [new(ReplicaEventKind.Committed, 1), new(ReplicaEventKind.Acknowledged, 1)];
        var call = new ScoreCall { Item = new ItemId("a"), Signal = default };
        void Measure()
        {
            replica.Happened(events);
            var began = replica.BeginFlush();
            (began != 0).Should().Be(isHeard, "while nobody listens nothing is measured");
            replica.EndFlush(began);
            calls.Ended(call, 1);
        }

        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            replica.Happened(events);
            replica.EndFlush(replica.BeginFlush());
            calls.Ended(call, 1);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1000);
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TidalMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.Start();
    }

    private double Sum(string what)
    {
        lock (_lock)
            return _sums.GetValueOrDefault(what);
    }

    private void Heard(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var what = instrument.Name;
        foreach (var (name, tag) in tags)
            what += string.Create(CultureInfo.InvariantCulture, $" {name}={tag}");
        lock (_lock)
        {
            _sums[what] = _sums.GetValueOrDefault(what) + value;
            _tags.Add(what);
        }
    }
}
