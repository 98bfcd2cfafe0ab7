using System.Buffers.Binary;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Testing.Oracles;

/// <summary>Bytes of a tenant on a disk.</summary>
/// <param name="Place">Whose disk, as people write it.</param>
/// <param name="File">The file.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Bytes">How many.</param>
/// <param name="What">What they are.</param>
public readonly record struct FoundBytes(string Place, string File, long Offset, long Bytes, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Bytes} bytes on the disk of {Place}, {File} at {Offset}: {What}";
}

/// <summary>
/// Looks for a tenant's bytes on the disks of a cluster (invariant 8), whatever the replicas say of themselves, and also where
/// none is alive: batches and chunks of snapshots wherever they start in a file, a part in a checkpoint's state, and, in any
/// file at all, the ids and values that are in the tenant's records and in nobody else's of that shard. The cluster may go on meanwhile.
/// Not safe for use by several threads.
/// </summary>
public static class TenantBytes
{
    /// <summary>Looks at all disks of regions.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="regions">The regions.</param>
    /// <returns>What is there, disk by disk.</returns>
    public static IReadOnlyList<FoundBytes> Of(ClusterUnderTest cluster, TenantId tenant, IReadOnlyCollection<RegionId> regions)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(regions);
        return regions.Count == 0 ? [] : Find(cluster, tenant, regions);
    }

    private static List<FoundBytes> Find(ClusterUnderTest cluster, TenantId tenant, IReadOnlyCollection<RegionId> regions)
    {
        var found = new List<FoundBytes>();
        foreach (var shard in cluster.Topology.Shards)
        {
            var texts = TextsOf(cluster, tenant, shard);
            foreach (var region in regions)
            {
                foreach (var replica in cluster.Topology.Replicas)
                    Look(cluster, tenant, new Address(region, shard, replica), texts, found);
            }
        }
        return found;
    }

    private static void Look(ClusterUnderTest cluster, TenantId tenant, Address place, ByteTexts texts, List<FoundBytes> found)
    {
        var (disk, name) = (cluster.DiskOf(place), $"{cluster.Topology.NameOf(place.Region)}/{place.Shard.Number}, replica {place.Replica.Number}");
        foreach (var file in disk.List())
        {
            var bytes = new byte[disk.Length(file)];
            disk.Read(file, 0, bytes);
            void Tell(long offset, long length, string what) => found.Add(new FoundBytes(name, file, offset, length, what));
            LookForBatches(bytes, tenant, Tell);
            LookForChunks(bytes, tenant, Tell);
            LookForParts(bytes, tenant, cluster, Tell);
            foreach (var (offset, text) in texts.FindIn(bytes))
                Tell(offset, text.Length, $"the text '{System.Text.Encoding.UTF8.GetString(text)}'");
        }
    }

    private static void LookForBatches(ReadOnlySpan<byte> bytes, TenantId tenant, Action<long, long, string> tell)
    {
        for (var at = 0; Next(bytes, "TIDL"u8, ref at); at++)
        {
            var batch = bytes[at..];
            if (batch.Length >= BatchHeader.Size && BinaryPrimitives.ReadUInt32LittleEndian(batch[8..]) == tenant.Number)
                tell(at, BatchHeader.Size + BinaryPrimitives.ReadUInt32LittleEndian(batch[36..]), "a batch");
        }
    }

    private static void LookForChunks(ReadOnlySpan<byte> bytes, TenantId tenant, Action<long, long, string> tell)
    {
        for (var at = 0; Next(bytes, "TENV"u8, ref at); at++)
        {
            var envelope = bytes[at..];
            if (envelope.Length < Envelope.HeaderBytes + 5 || envelope[5] != (byte)EnvelopeKind.Control)
                continue;
            var control = envelope[Envelope.HeaderBytes..];
            if (control[0] == (byte)ControlKind.Snapshot && BinaryPrimitives.ReadUInt32LittleEndian(control[1..]) == tenant.Number)
                tell(at, Envelope.HeaderBytes + BinaryPrimitives.ReadUInt32LittleEndian(envelope[32..]), "a chunk of a snapshot");
        }
    }

    private static void LookForParts(byte[] bytes, TenantId tenant, ClusterUnderTest cluster, Action<long, long, string> tell)
    {
        if (!bytes.AsSpan().StartsWith("TCHK"u8))
            return;
        try
        {
            var held = ShardState.FromCheckpoint(CheckpointHeader.Decode(bytes).State, cluster.SchemaOf).Tenants;
            if (held.TryGetValue(tenant, out var part) && part.Origins.Values.Any(origin => origin.Mark.Number > 0))
                tell(0, bytes.Length, "a checkpoint with a part of it");
        }
        catch (TidalException)
        {
            // Torn while it was written: its texts are looked for all the same.
        }
    }

    private static bool Next(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> magic, ref int at)
    {
        var next = at < bytes.Length ? bytes[at..].IndexOf(magic) : -1;
        at += Math.Max(next, 0);
        return next >= 0;
    }

    private static ByteTexts TextsOf(ClusterUnderTest cluster, TenantId tenant, ShardId shard)
    {
        IEnumerable<string> Of(TenantId one) => cluster.Tee.Batches.Of(one, shard).SelectMany(batch => TextsIn(batch.Bytes));
        return new ByteTexts(Of(tenant), cluster.Tenants.Where(other => other != tenant).SelectMany(Of));
    }

    private static List<string> TextsIn(ReadOnlyMemory<byte> bytes)
    {
        var texts = new List<string>();
        var batch = BatchReader.Open(bytes);
        while (batch.TryRead(out var record))
        {
            string?[] ids = [record.Item.Value, record.User.Value, record.Target];
            var values = (record.Attributes ?? []).Select(attribute => attribute.Value).Concat((record.Cohorts ?? []).Select(cohort => cohort.Value));
            texts.AddRange(ids.Concat(values).OfType<string>());
        }
        return texts;
    }
}
