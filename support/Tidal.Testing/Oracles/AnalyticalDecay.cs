using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>
/// Decay scores by brute force from a list of accepted signals: <c>sum w_i * 2^-((t - t_i)/h)</c> as the formula says it,
/// with the platform's own power function and without any of the engine's arithmetic. Not safe for use by several threads.
/// </summary>
public sealed class AnalyticalDecay
{
    /// <summary>What the formula needs of a signal.</summary>
    private readonly record struct Weighed(double Weight, long EventTimeMilliseconds);

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

    /// <summary>Takes one more signal.</summary>
    /// <param name="signal">A signal accepted and not yet taken.</param>
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
        return Of(item, signal, scope).Sum(counted => counted.Weight * Math.Pow(2, -(timeMilliseconds - counted.EventTimeMilliseconds) / halfLife));
    }

    /// <summary>The number of signals.</summary>
    /// <param name="item">The item.</param>
    /// <param name="signal">The signal type.</param>
    /// <param name="scope">The cohort, or everyone.</param>
    public int Count(ItemId item, SignalTypeId signal, CohortScope scope) => Of(item, signal, scope).Count;

    private void Add(in LogRecord signal, CohortScope scope)
    {
        var key = (signal.Item, signal.SignalType, scope);
        if (!_signals.TryGetValue(key, out var list))
            _signals.Add(key, list = new List<Weighed>(capacity: 1));
        list.Add(new Weighed(signal.Weight, signal.EventTimeMilliseconds));
    }

    private List<Weighed> Of(ItemId item, SignalTypeId signal, CohortScope scope) =>
        _signals.GetValueOrDefault((item, signal, scope)) ?? [];
}
