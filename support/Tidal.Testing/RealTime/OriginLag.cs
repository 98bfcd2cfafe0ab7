using Tidal.Schema;

namespace Tidal.Testing.RealTime;

/// <summary>A part of an origin's log has come to another region. Immutable.</summary>
/// <param name="Origin">Whose log.</param>
/// <param name="Region">The other region.</param>
/// <param name="CommittedAt">When the origin's own region committed it; no later than <paramref name="At"/>.</param>
/// <param name="At">When the other region did.</param>
/// <param name="Records">How many records it is.</param>
public readonly record struct OriginArrival(RegionId Origin, RegionId Region, long CommittedAt, long At, long Records);

/// <summary>
/// Tells, of one origin's log of a tenant in a shard, how much later than its own region each other one has committed it, part by part.
/// Replicas say how far they have come on threads of their own, so another region's may be heard before the origin's: what is
/// there by then came at once. Safe for use by several threads.
/// </summary>
/// <param name="regions">Regions of the cluster.</param>
/// <param name="origin">Whose log.</param>
/// <param name="arrived">Told of each part, by one thread at a time; must be quick.</param>
public sealed class OriginLag(int regions, RegionId origin, Action<OriginArrival> arrived)
{
    private readonly record struct Step(ulong Number, long Records, long At);

    private readonly Queue<Step>[] _steps = [.. Enumerable.Range(0, regions).Select(_ => new Queue<Step>())];
    private readonly ulong[] _reached = new ulong[regions];

    /// <summary>A replica of a region has committed the log so far.</summary>
    /// <param name="region">The region.</param>
    /// <param name="number">The last record's number.</param>
    /// <param name="at">When, in any unit that is the same at each call.</param>
    public void Committed(RegionId region, ulong number, long at)
    {
        // Not locked: what is seen too late here, another replica of the region sees.
        if (number <= Volatile.Read(ref _reached[region.Ordinal]))
            return;
        lock (_steps)
        {
            var records = (long)number - (long)_reached[region.Ordinal];
            if (records <= 0)
                return;
            Volatile.Write(ref _reached[region.Ordinal], number);
            if (region == origin)
                Began(new Step(number, records, at));
            else
                Arrived(region, number, at);
        }
    }

    private void Began(in Step step)
    {
        for (var region = 0; region < regions; region++)
        {
            if (region == origin.Ordinal)
                continue;
            if (_reached[region] >= step.Number)
                arrived(new OriginArrival(origin, new RegionId((ushort)region), step.At, step.At, step.Records));
            else
                _steps[region].Enqueue(step);
        }
    }

    private void Arrived(RegionId region, ulong number, long at)
    {
        while (_steps[region.Ordinal].TryPeek(out var step) && step.Number <= number)
        {
            _steps[region.Ordinal].Dequeue();
            arrived(new OriginArrival(origin, region, step.At, at, step.Records));
        }
    }
}
