using Tidal.Log;
using Tidal.Schema;
using Tidal.Testing.Faults;

namespace Tidal.Testing.Drivers;

/// <summary>How wall clocks lie, as the features say it: what it does to the clocks that are named.</summary>
/// <param name="Begin">Begins it; null for clocks that are right.</param>
public sealed record ClockLie(Func<SimulatedCluster, StruckClocks, IFault>? Begin)
{
    /// <summary>Right, from now on.</summary>
    public static ClockLie None { get; } = new(Begin: null);

    /// <summary>Off by a constant.</summary>
    /// <param name="ahead">How far ahead; negative for behind.</param>
    public static ClockLie Skewed(TimeSpan ahead) => new((cluster, struck) => new ClockSkew(cluster, struck, ahead));

    /// <summary>Jumping forth and back.</summary>
    /// <param name="step">How far at the first jump; negative for backwards.</param>
    /// <param name="interval">How long from a jump to the next.</param>
    public static ClockLie Jumping(TimeSpan step, TimeSpan interval) => new((cluster, struck) => new ClockJump(cluster, struck, step, interval));

    /// <summary>Standing still.</summary>
    public static ClockLie Frozen { get; } = new((cluster, struck) => new ClockFreeze(cluster, struck));
}

// Clocks that lie, and writes whose order they must not turn round.
public sealed partial class ClusterDriver
{
    private const string ToLie = "Clocks lie";

    private readonly List<(string Whose, IFault Fault)> _clockFaults = [];

    /// <summary>Lets all wall clocks of a region lie, or sets them right.</summary>
    /// <param name="region">The region.</param>
    /// <param name="lie">How.</param>
    public void LetClocksLie(string region, ClockLie lie) =>
        Begin(lie, region, () => StruckClocks.Of(Simulated(ToLie), Region(region)));

    /// <summary>Lets the wall clock of one node lie, or sets it right: of the one that an item's primary stands on.</summary>
    /// <param name="item">The item.</param>
    /// <param name="region">The region.</param>
    /// <param name="lie">How.</param>
    public void LetClockOfPrimaryLie(string item, string region, ClockLie lie) =>
        Begin(lie, $"{PlaceOfPrimary(item, region).Node}", () => StruckClocks.Of(Simulated(ToLie), PlaceOfPrimary(item, region).Node));

    /// <summary>Sets an attribute of an item, and retries until that is acknowledged.</summary>
    /// <param name="item">The item.</param>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="region">The region that is asked to.</param>
    public void SetAttribute(string item, string attribute, string value, string region)
    {
        var record = LogRecord.ForItem(
            default, default, NowMilliseconds, new ItemId(item), Region(region), [new AttributeValue(attribute, value)]);
        MustBeAcknowledged(Cluster.Await(ClientIn(region).WriteAsync(record, RetryPause), Patience));
    }

    private void SetClocksRight(Predicate<string> whose)
    {
        foreach (var (_, fault) in _clockFaults.Where(fault => whose(fault.Whose)))
            fault.Dispose();
        _clockFaults.RemoveAll(fault => whose(fault.Whose));
    }

    private void Begin(ClockLie lie, string whose, Func<StruckClocks> struck)
    {
        ArgumentNullException.ThrowIfNull(lie);
        if (lie.Begin is { } begin)
            _clockFaults.Add((whose, begin(Simulated(ToLie), struck())));
        else
            SetClocksRight(other => other == whose);
        // So long that every primary has heard its peers since.
        Pass(TimeSpan.FromMilliseconds(500));
    }
}
