using Tidal.Crdt;
using Tidal.Schema;
using Tidal.Signals;

namespace Tidal.Replication;

/// <content>Snapshots: two copies made one, and read back.</content>
public sealed partial class TenantReplica : ICrdt<TenantReplica>
{
    private const long SnapshotVersion = 1;

    /// <summary>
    /// Both copies made one, as if the logs of both had been applied: of each origin mark, number sets and parts of the copy
    /// that holds more, everything else joined (PROTOCOL 8). No mark is lowered.
    /// </summary>
    /// <param name="other">A copy of the same tenant and shard.</param>
    public TenantReplica Merge(TenantReplica other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var merged = new TenantReplica(State.Merge(other.State));
        foreach (var (region, origin) in _origins)
            merged._origins.Add(region, origin.Merge(other._origins.GetValueOrDefault(region) ?? origin));
        foreach (var (region, origin) in other._origins)
            merged._origins.TryAdd(region, origin.Merge(origin));
        foreach (var (region, session) in _highestSessions.Concat(other._highestSessions))
            merged.NoteSession(new SessionId(region, session));
        return merged;
    }

    void ICrdt<TenantReplica>.AddTo(StateWriter digest) => AddTo(digest);

    /// <summary>The copy as bytes, marks first.</summary>
    internal byte[] ToSnapshot()
    {
        var writer = new SnapshotWriter();
        writer.Add(SnapshotVersion);
        AddTo(writer);
        return writer.ToBytes();
    }

    /// <summary>Reads a copy from the bytes of <see cref="ToSnapshot"/>.</summary>
    /// <exception cref="SnapshotDamagedException">They are none.</exception>
    internal static TenantReplica FromSnapshot(ReadOnlyMemory<byte> bytes, SignalSchema schema)
    {
        var reader = new StateReader(bytes);
        if (reader.ReadInt64() is not SnapshotVersion and var version)
            throw new Log.UnsupportedFormatException("snapshot version", (int)version, (int)SnapshotVersion);
        var copy = Read(reader, schema);
        reader.MustBeAtEnd();
        return copy;
    }

    internal static TenantReplica Read(StateReader reader, SignalSchema schema)
    {
        var (origins, sessions) = (new List<(RegionId, OriginLog)>(), new List<SessionId>());
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            origins.Add((reader.ReadRegion(), OriginLog.Read(reader)));
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            sessions.Add(new SessionId(reader.ReadRegion(), reader.ReadUInt64()));
        var replica = new TenantReplica(TenantState.Read(reader, schema));
        foreach (var (region, origin) in origins)
            replica._origins.Add(region, origin);
        sessions.ForEach(replica.NoteSession);
        return replica;
    }

    /// <summary>Whether a copy has the same history of every origin, as far as that can be told from the marks.</summary>
    internal bool AgreesWith(TenantReplica other) => other._origins.All(pair =>
        !_origins.TryGetValue(pair.Key, out var held) || held.Mark.Number != pair.Value.Mark.Number || held.Mark == pair.Value.Mark);
}
