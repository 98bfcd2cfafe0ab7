using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Decay scores by brute force from a list of accepted signals: <c>sum w_i * 2^-((t - t_i)/h)</c> as the formula says it,
/// with the platform's own power function and without any of the engine's arithmetic. Not safe for use by several threads.
/// </summary>
public sealed class AnalyticalDecay
{
    /// <summary>What the formula needs of a signal; of one taken back the weight is off the sum.</summary>
    private readonly record struct Weighed(double Weight, long EventTimeMilliseconds, bool IsRetraction);

    private readonly Dictionary<(ItemId, SignalTypeId, CohortScope), List<Weighed>> _signals = [];
    private readonly SignalSchema _schema;

    /// <summary>No signals yet.</summary>
    /// <param name="schema">Their half-lives.</param>
    public AnalyticalDecay(SignalSchema schema) => _schema = schema;

    /// <summary>Takes the signals.</summary>
    /// <param name="schema">Their half-lives.</param>
    /// <param name="signals">The signals accepted, each once.</param>
    public AnalyticalDecay(SignalSchema schema, IEnumerable<LogRecord> signals)
        : this(schema)
    {
        ArgumentNullException.ThrowIfNull(signals);
        foreach (var signal in signals)
            Add(signal);
    }

    /// <summary>Takes one more signal, or one that was taken back.</summary>
    /// <param name="signal">The record of a signal or retraction that counts and was not yet taken.</param>
    public void Add(in LogRecord signal)
    {
        Add(signal, CohortScope.Everyone);
        foreach (var scope in signal.Cohorts ?? [])
            Add(signal, scope);
    }

    /// <summary>Every (item, signal, cohort) that has a signal.</summary>
    public IEnumerable<(ItemId Item, SignalTypeId Signal, CohortScope Scope)> Keys => _signals.Keys;

    /// <summary>The score by the formula.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double Score(ItemId item, SignalTypeId signal, CohortScope scope, long timeMilliseconds)
    {
        double halfLife = _schema[signal].HalfLifeMilliseconds;
        var (added, retracted) = (0.0, 0.0);
        foreach (var counted in Of(item, signal, scope))
        {
            var decayed = counted.Weight * Math.Pow(2, -(timeMilliseconds - counted.EventTimeMilliseconds) / halfLife);
            (added, retracted) = counted.IsRetraction ? (added, retracted + decayed) : (added + decayed, retracted);
        }
        return Math.Max(0, added - retracted);
    }

    /// <summary>The sum of everything that was added and taken back: what an error of the score is to be held against.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    /// <param name="timeMilliseconds">The read time, in milliseconds since 1970.</param>
    public double Terms(ItemId item, SignalTypeId signal, CohortScope scope, long timeMilliseconds)
    {
        double halfLife = _schema[signal].HalfLifeMilliseconds;
        return Of(item, signal, scope).Sum(counted => counted.Weight * Math.Pow(2, -(timeMilliseconds - counted.EventTimeMilliseconds) / halfLife));
    }

    /// <summary>The number of signals, less those taken back.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    public int Count(ItemId item, SignalTypeId signal, CohortScope scope) =>
        Math.Max(0, Of(item, signal, scope).Sum(counted => counted.IsRetraction ? -1 : 1));

    private void Add(in LogRecord signal, CohortScope scope)
    {
        var key = (signal.Item, signal.SignalType, scope);
        if (!_signals.TryGetValue(key, out var list))
            _signals.Add(key, list = new List<Weighed>(capacity: 1));
        list.Add(new Weighed(signal.Weight, signal.EventTimeMilliseconds, signal.Kind == RecordKind.Retraction));
    }

    private List<Weighed> Of(ItemId item, SignalTypeId signal, CohortScope scope) =>
        _signals.GetValueOrDefault((item, signal, scope)) ?? [];
}
