using System.Globalization;
using System.Text;

namespace Tidal.Testing.RealTime;

/// <summary>A load on a cluster, and what was measured while it lasted. Not safe for use by several threads.</summary>
public sealed class MeasuredLoad : IDisposable
{
    private readonly Histogram _lag = new();
    private readonly int _perSecond;
    private bool _isOver;

    /// <summary>Begins to send.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="perSecond">How many signals a second must be offered and accepted.</param>
    /// <param name="options">What is sent: somewhat more, so that a hiccup can be made up for.</param>
    public MeasuredLoad(RealTimeCluster cluster, int perSecond, SignalLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        (Cluster, _perSecond, Options) = (cluster, perSecond, options);
        Load = new SignalLoad(cluster, options);
        cluster.Lag.TakeWindow();
        BeganAt = cluster.Elapsed;
        Load.Begin();
    }

    /// <summary>The cluster.</summary>
    public RealTimeCluster Cluster { get; }

    /// <summary>When it began, since the cluster was founded.</summary>
    public TimeSpan BeganAt { get; }

    /// <summary>What is sent.</summary>
    public SignalLoadOptions Options { get; }

    /// <summary>The load.</summary>
    public SignalLoad Load { get; }

    /// <summary>The lag from region to region while nothing was done to the cluster.</summary>
    public Histogram Undisturbed { get; set; } = new();

    /// <summary>The lag from region to region over all, where the two could hear each other.</summary>
    public Histogram Lag
    {
        get
        {
            EndPhase();
            return _lag;
        }
    }

    /// <summary>From a crash to the first write that the new primary acknowledged.</summary>
    public TimeSpan? Failover { get; set; }

    /// <summary>Queries answered meanwhile.</summary>
    public int Queries { get; set; }

    /// <summary>Hides made meanwhile.</summary>
    public int Hides { get; set; }

    /// <summary>Ends a phase of the measurement.</summary>
    /// <returns>The lag in it.</returns>
    public Histogram EndPhase()
    {
        var phase = Cluster.Lag.TakeWindow();
        _lag.Add(phase);
        return phase;
    }

    /// <summary>Says so if the load was not offered: then nothing that was measured counts.</summary>
    /// <exception cref="LoadNotOfferedException">It was not.</exception>
    public void MustBeOffered()
    {
        if (Load.OfferedPerSecond < _perSecond)
            throw new LoadNotOfferedException(Load.OfferedPerSecond, _perSecond);
    }

    /// <summary>Nothing more is due; waits until every signal has its outcome. Once it is over it stays so.</summary>
    /// <param name="bound">The longest wait.</param>
    public void End(TimeSpan bound)
    {
        if (!_isOver)
            Load.End(bound);
        _isOver = true;
    }

    /// <inheritdoc/>
    public void Dispose() => Load.Dispose();

    /// <summary>The figures, as a table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (what, value) in Rows())
            text.AppendLine(CultureInfo.InvariantCulture, $"| {what,-42} | {value,-32} |");
        return text.ToString();
    }

    /// <summary>The figures: what, and how much.</summary>
    public IReadOnlyList<(string What, string Value)> Rows()
    {
        var rows = new List<(string What, string Value)>();
        void Row(string what, FormattableString value) => rows.Add((what, value.ToString(CultureInfo.InvariantCulture)));
        Row("signals offered a second", $"{Load.OfferedPerSecond:N0}");
        Row("signals accepted a second", $"{Load.AcceptedPerSecond:N0}");
        Row("for so many seconds", $"{Load.Lasted.TotalSeconds:N1}");
        Row("accepted in the slowest second", $"{Load.AcceptedBySecond.SkipLast(1).DefaultIfEmpty().Min():N0}");
        Row("signals counted", $"{Load.Accepted:N0}");
        Row("tries made again", $"{Load.Retried:N0}");
        Row("acknowledged, p50 / p99 / p99.9", $"{Percentiles(Load.Latency)}");
        Row("region to region, p50 / p99 / p99.9", $"{Percentiles(Lag)}");
        Row("the same while nothing was done to it", $"{Percentiles(Undisturbed)}");
        Row("from the crash to a write acknowledged", $"{Failover?.TotalSeconds:N3} s");
        Row("queries answered", $"{Queries:N0}");
        Row("hides made", $"{Hides:N0}");
        Row("processors", $"{Environment.ProcessorCount}");
        return rows;
    }

    private static string Percentiles(Histogram of) => string.Create(
        CultureInfo.InvariantCulture, $"{of.At(0.5).TotalMilliseconds:N1} / {of.At(0.99).TotalMilliseconds:N1} / {of.At(0.999).TotalMilliseconds:N1} ms");
}
