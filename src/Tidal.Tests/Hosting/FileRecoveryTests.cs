using Tidal.Hosting;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using Tidal.Tests.Log;

namespace Tidal.Tests.Hosting;

/// <summary>What recovers a replica from its store knows nothing of what lies below the store.</summary>
public sealed class FileRecoveryTests : IDisposable
{
    private static readonly ShardPlace Place = new(Samples.East, Samples.Shard);
    private static readonly SegmentedLogOptions Small = new() { SegmentBytesMax = 500, CacheBytesMax = 0 };

    private readonly TemporaryDirectory _root = new();
    private int _stores;

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_replicas_files_cut_anywhere_recover_as_a_memory_store_does() => SeededProperty.HoldsFor(
        random =>
        {
            var path = _root[$"{++_stores}"];
            using (var store = FileLogStore.Open(path, new FileLogStoreOptions { BufferBytes = 300, OpenFilesMax = 2 }))
                WriteHistory(store, random);
            var isSingle = random.Chance(0.5);
            var memory = CutAnywhere(path, random);
            using var files = FileLogStore.Open(path, new FileLogStoreOptions { OpenFilesMax = 2 });
            Recover(files, isSingle).Should().Be(Recover(memory, isSingle));
            files.List().Should().Equal(memory.List());
            foreach (var name in files.List())
                Samples.BytesOf(files, name).Should().Equal(Samples.BytesOf(memory, name));
        },
        cases: 60);

    /// <summary>A log, its hard state and a checkpoint, as a replica writes them.</summary>
    private static void WriteHistory(FileLogStore store, DeterministicRandom random)
    {
        ReplicaStore.Found(store, Place, [new Voter(default, new StoreId(1))], new StoreId(1));
        var held = ReplicaStore.Open(store, Place, isSingle: false, new StoreId(2), Small);
        var last = (ulong)(2 + random.Next(20));
        var checkpoint = 2 + (ulong)random.Next((int)last);
        for (var index = 2UL; index <= last; index++)
        {
            held.Log.Append(Samples.Envelope(index, 1 + (index / 4), commitIndex: index - 1));
            if (random.Chance(0.3))
                held.Journal.Write(held.State with { Epoch = 1 + (index / 4), CommitIndex = index - 1 });
            if (random.Chance(0.3))
                store.Flush();
            if (index == checkpoint && random.Chance(0.5))
                Checkpoint(held, index);
        }
    }

    private static void Checkpoint(ReplicaStore held, ulong index)
    {
        var header = new CheckpointHeader(
            Place.Region, Place.Shard, index, held.Log.EpochAt(index), 0, new[] { new CommittedVoter(1, new Voter(default, new StoreId(1))) });
        held.Checkpoints.Write(header, new byte[100]);
        held.Log.Flush();
        held.Checkpoints.KeepOnly(header);
        held.Log.DeleteBefore(index);
    }

    /// <summary>Cuts files of a directory anywhere, and deletes one at times; the same in memory.</summary>
    private static MemoryLogStore CutAnywhere(string path, DeterministicRandom random)
    {
        var memory = new MemoryLogStore();
        foreach (var file in Directory.GetFiles(path).Where(file => Path.GetFileName(file)[0] != '.').Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            if (random.Chance(0.4))
                Array.Resize(ref bytes, random.Next(bytes.Length + 1));
            if (random.Chance(0.03))
            {
                File.Delete(file);
                continue;
            }
            File.WriteAllBytes(file, bytes);
            memory.Append(Path.GetFileName(file), bytes);
        }
        memory.Flush();
        return memory;
    }

    private static string Recover(ILogStore store, bool isSingle)
    {
        try
        {
            var held = ReplicaStore.Open(store, Place, isSingle, new StoreId(3), Small);
            return $"{held.Log.FirstIndex}-{held.Log.LastIndex} in {held.Log.LastEpoch}, {held.State}, {held.Checkpoints.NewestIndex}, {held.NewIdentityReason}";
        }
        catch (LogException refused)
        {
            return refused.Message;
        }
    }
}
