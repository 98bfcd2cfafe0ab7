using System.Globalization;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Drivers;

// Tenants that ask for more than they may, and what others notice of it.
public sealed partial class ClusterDriver
{
    private readonly List<SignalStream> _streams = [];

    /// <summary>How much longer the last signals took than those before, from the first sent to the last acknowledged.</summary>
    public TimeSpan LastSendingTookLonger { get; private set; }

    /// <summary>Sends signals at a rate from now on, each once, whatever becomes of it.</summary>
    /// <param name="signals">Signals of the kind.</param>
    /// <param name="perSecond">How many a second.</param>
    public void BeginSending(SignalsSent signals, int perSecond)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var client = Cluster.NewClient(Region(signals.Region), Tenant);
        _streams.Add(new SignalStream(Cluster, signals.Region, TimeSpan.FromSeconds(1.0 / perSecond), () => client.TryWriteAsync(RecordOf(signals))));
    }

    /// <summary>Ends what was begun to be sent in a region, and waits for every outcome.</summary>
    /// <param name="region">The region's name.</param>
    /// <returns>How many were acknowledged, and what all others were told.</returns>
    public (int Acknowledged, IReadOnlyList<string> Told) EndSending(string region)
    {
        var stream = _streams.Last(stream => stream.Region == region);
        stream.End();
        if (!Cluster.RunUntil(() => stream.Tries.All(tried => tried.IsCompleted), Patience))
            throw new TimeoutException($"Not every signal in {region} has its outcome after {Patience}.");
        var results = stream.Tries.Select(tried => tried.Result.Result!).ToLookup(result => result.Outcome == WriteOutcomeKind.Acknowledged);
        return (results[true].Count(), [.. results[false].Select(result => result.Problem ?? $"{result}")]);
    }

    /// <summary>Adds an item, and tries again while that may help; the outcome is kept.</summary>
    /// <param name="region">The region, which is its home.</param>
    /// <param name="item">The item.</param>
    public void AddItem(string region, string item) => LastTry = Cluster.Await(
        ClientIn(region).WriteAsync(LogRecord.ForItem(default, default, NowMilliseconds, new ItemId(item), Region(region), []), RetryPause), Patience);

    private void EndStreams() => _streams.ForEach(stream => stream.End());

    private static TenantQuotas? QuotasOf(IReadOnlyDictionary<string, string> row)
    {
        long? In(string column) => row.GetValueOrDefault(column) is { Length: > 0 } amount ? long.Parse(amount, CultureInfo.InvariantCulture) : null;
        var quotas = new TenantQuotas(In("signals a second"), In("items and users"), In("bytes"));
        return quotas == new TenantQuotas() ? null : quotas;
    }

    /// <summary>Signals sent at a rate, whatever becomes of them. Not safe for use by several threads.</summary>
    private sealed class SignalStream
    {
        private readonly ClusterUnderTest _cluster;
        private readonly TimeSpan _interval;
        private readonly Func<Task<WriteCall>> _send;
        private bool _hasEnded;

        public SignalStream(ClusterUnderTest cluster, string region, TimeSpan interval, Func<Task<WriteCall>> send)
        {
            (_cluster, Region, _interval, _send) = (cluster, region, interval, send);
            SendNext();
        }

        public string Region { get; }

        public List<Task<WriteCall>> Tries { get; } = [];

        public void End() => _hasEnded = true;

        private void SendNext()
        {
            if (_hasEnded)
                return;
            Tries.Add(_send());
            _cluster.After(_interval, SendNext);
        }
    }
}
