using Tidal.Crdt;
using Tidal.Log;

namespace Tidal.Replication.Reconciling;

/// <summary>
/// Compares what two regions hold and says how they come to hold the same. Pure: the same two states give the same plan,
/// whoever asks and whichever of them is named first. Safe for use by several threads.
/// </summary>
public static class ReconciliationEngine
{
    /// <summary>The plan between two regions.</summary>
    /// <param name="one">What one holds.</param>
    /// <param name="other">What the other holds.</param>
    /// <exception cref="ArgumentException">The states are of one region, or of two tenants or shards.</exception>
    public static MergePlan Plan(ReplicationState one, ReplicationState other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Region == other.Region || one.Tenant != other.Tenant || one.Shard != other.Shard)
            throw new ArgumentException($"A plan is between two regions of one shard, not {one.Region}, {one.Tenant}, {one.Shard} and {other.Region}, {other.Tenant}, {other.Shard}.");
        // In one order whoever asks: or each side would call itself the first.
        var (first, second) = one.Region.CompareTo(other.Region) < 0 ? (one, other) : (other, one);
        return new MergePlan
        {
            Tenant = first.Tenant,
            Shard = first.Shard,
            First = first.Region,
            Second = second.Region,
            Origins = OriginsOf(first, second),
            Negatives = NegativesOf(first, second),
            Operations = OperationsOf(first, second),
            LeftOut = first.NegativesLeftOut + first.OperationsLeftOut + second.NegativesLeftOut + second.OperationsLeftOut,
        };
    }

    private static List<OriginMerge> OriginsOf(ReplicationState first, ReplicationState second)
    {
        var origins = first.Origins.Concat(second.Origins).Select(holding => holding.Origin).Distinct().Order();
        return [.. origins.Select(origin => OriginOf(first.HoldingOf(origin), second.HoldingOf(origin)))];
    }

    private static OriginMerge OriginOf(OriginHolding first, OriginHolding second)
    {
        var (behind, ahead) = first.Mark.Number <= second.Mark.Number ? (first, second) : (second, first);
        return new OriginMerge(first.Origin, first.Mark.Number, second.Mark.Number, ahead.Mark.Number, MeansOf(behind, ahead));
    }

    private static MergeMeans MeansOf(OriginHolding behind, OriginHolding ahead)
    {
        if (behind.Mark == ahead.Mark)
            return MergeMeans.Nothing;
        if (behind.Mark.Number == ahead.Mark.Number)
            return MergeMeans.Diverged;
        return ahead.OldestHeld <= behind.Mark.Number + 1 ? MergeMeans.Batches : MergeMeans.Snapshot;
    }

    private static List<NegativeMerge> NegativesOf(ReplicationState first, ReplicationState second)
    {
        var known = new SortedDictionary<NegativeKey, (HardNegativeRegister First, HardNegativeRegister Second)>();
        foreach (var (key, register) in first.Negatives)
            known[key] = (register, default);
        foreach (var (key, register) in second.Negatives)
            known[key] = (known.GetValueOrDefault(key).First, register);
        return [.. from negative in known
                   let registers = negative.Value
                   where registers.First != registers.Second
                   select new NegativeMerge(negative.Key, registers.First, registers.Second, registers.First.Merge(registers.Second))];
    }

    // One that both hold whole was resolved before; of the others every record that either knows of is weighed.
    private static List<OperationMerge> OperationsOf(ReplicationState first, ReplicationState second)
    {
        var copies = new SortedDictionary<RecordIdentity, (IReadOnlyList<OperationCopy> First, IReadOnlyList<OperationCopy> Second)>();
        foreach (var operation in first.Operations)
            copies[operation.Identity] = (operation.Copies, []);
        foreach (var operation in second.Operations)
            copies[operation.Identity] = (copies.TryGetValue(operation.Identity, out var known) ? known.First : [], operation.Copies);
        var merged = new List<OperationMerge>();
        foreach (var (identity, (ofFirst, ofSecond)) in copies)
        {
            // One region's log has one record of it; the side that knows its attempt tells it.
            var all = ofFirst.Concat(ofSecond).GroupBy(copy => copy.Region).Select(copy => copy.Min()).Order().ToList();
            if (all.Count > 1 && (all.Count > ofFirst.Count || all.Count > ofSecond.Count))
                merged.Add(new OperationMerge(identity, all));
        }
        return merged;
    }
}
