using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Testing.Oracles;

namespace Tidal.Testing.Drivers;

/// <summary>A step of the scenario began.</summary>
/// <param name="At">When, since the cluster was founded; zero before it was.</param>
/// <param name="Number">The how many'th step it is, from 1.</param>
/// <param name="Keyword">Given, When or Then.</param>
/// <param name="Text">Its text.</param>
public sealed record StepNote(TimeSpan At, int Number, string Keyword, string Text);

/// <summary>A question that a step asked, and what came of it.</summary>
/// <param name="At">When the answer was there.</param>
/// <param name="Region">The region asked.</param>
/// <param name="Query">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Tenant">Whose items it is about.</param>
public sealed record AnswerNote(TimeSpan At, string Region, string Query, QueryAnswer Answer, TenantId Tenant);

/// <summary>What a region has counted of a signal for an item, at a time.</summary>
/// <param name="Tenant">Whose item.</param>
/// <param name="Item">The item.</param>
/// <param name="Signal">The signal type.</param>
/// <param name="Region">The region.</param>
/// <param name="Count">How many.</param>
/// <param name="Score">The decay score, at one time for all notes.</param>
public sealed record CountNote(TenantId Tenant, ItemId Item, SignalTypeId Signal, RegionId Region, long Count, double Score);

/// <summary>A follower took over from a primary that had crashed, and a step has seen that.</summary>
/// <param name="Crashed">Where the primary stood.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="CrashedAt">When it crashed.</param>
/// <param name="SeenAt">When the step saw that there was another.</param>
public sealed record FailoverNote(Address Crashed, ulong Epoch, TimeSpan CrashedAt, TimeSpan SeenAt);

/// <summary>What a driver notes of a scenario while it runs, so that it can be shown afterwards. All of it is bounded: the first are kept.</summary>
public sealed class ScenarioNotes
{
    /// <summary>Steps kept.</summary>
    public const int StepsMax = 200;

    /// <summary>Answers kept: the last ones.</summary>
    public const int AnswersMax = 50;

    /// <summary>Items kept whose counts are looked at.</summary>
    public const int ItemsMax = 12;

    /// <summary>Failovers, and agreements, kept.</summary>
    public const int HappeningsMax = 100;

    private readonly List<StepNote> _steps = [];
    private readonly Queue<AnswerNote> _answers = [];
    private readonly List<(TenantId, ItemId)> _items = [];
    private readonly List<FailoverNote> _failovers = [];
    private readonly List<TimeSpan> _agreements = [];

    /// <summary>Steps begun, in order.</summary>
    public IReadOnlyList<StepNote> Steps => _steps;

    /// <summary>The last answers that steps asked for, in order.</summary>
    public IReadOnlyCollection<AnswerNote> Answers => _answers;

    /// <summary>Items that the scenario names.</summary>
    public IReadOnlyList<(TenantId Tenant, ItemId Item)> Items => _items;

    /// <summary>Failovers that steps have seen, in order.</summary>
    public IReadOnlyList<FailoverNote> Failovers => _failovers;

    /// <summary>How long after a heal the last two regions had come to agree, each time that a step has seen it.</summary>
    public IReadOnlyList<TimeSpan> Agreements => _agreements;

    /// <summary>When the cluster had all its primaries: what the scenario is about begins here. Null before.</summary>
    public TimeSpan? Began { get; internal set; }

    /// <summary>When the scenario's steps were over and all faults were ended for the audit; null before.</summary>
    public TimeSpan? AuditBegan { get; internal set; }

    /// <summary>What the last audit found; null if there was none.</summary>
    public AuditFindings? Audit { get; internal set; }

    /// <summary>What the regions had counted before the first When; null if there was none yet.</summary>
    public IReadOnlyList<CountNote>? Before { get; internal set; }

    /// <summary>Places on disks with bytes of a tenant that has moved away from there, as last looked at; null if that was never looked at.</summary>
    public int? BytesLeft { get; internal set; }

    /// <summary>The lag as it went; empty in real time.</summary>
    public IReadOnlyList<LagSample> Lag => LagWatch?.Samples ?? [];

    /// <summary>How long signals took from region to region, where a scenario measures that; else null.</summary>
    public Histogram? Arrivals { get; internal set; }

    internal LagWatch? LagWatch { get; set; }

    internal TimeSpan? Healed { get; set; }

    internal void Add(StepNote step) => AddTo(_steps, step, StepsMax);

    internal void Add(FailoverNote failover) => AddTo(_failovers, failover, HappeningsMax);

    internal void AddAgreement(TimeSpan after) => AddTo(_agreements, after, HappeningsMax);

    internal void AddItem(TenantId tenant, ItemId item)
    {
        if (!_items.Contains((tenant, item)))
            AddTo(_items, (tenant, item), ItemsMax);
    }

    internal void Add(AnswerNote answer)
    {
        if (_answers.Count == AnswersMax)
            _answers.Dequeue();
        _answers.Enqueue(answer);
    }

    private static void AddTo<T>(List<T> list, T note, int max)
    {
        if (list.Count < max)
            list.Add(note);
    }
}
