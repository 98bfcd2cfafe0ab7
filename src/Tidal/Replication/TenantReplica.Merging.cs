using Tidal.Crdt;
using Tidal.Schema;

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
        var merged = new TenantReplica(_schema, _members);
        foreach (var (region, origin) in _origins)
            merged._origins.Add(region, origin.Merge(other._origins.GetValueOrDefault(region) ?? origin));
        foreach (var (region, origin) in other._origins)
            merged._origins.TryAdd(region, origin.Merge(origin));
        foreach (var (region, session) in _highestSessions.Concat(other._highestSessions))
            merged.NoteSession(new SessionId(region, session));
        merged.Ends.Resolve(Ends);
        merged.Ends.Resolve(other.Ends);
        merged.State.TakeMerged(State, other.State);
        merged.State.ResolveLater(identity => KnowsVoid(identity) || other.KnowsVoid(identity));
        return merged;
    }

    void ICrdt<TenantReplica>.AddTo(StateWriter digest) => AddTo(digest);

    /// <summary>The copy as bytes: whose it is, marks, and the rest.</summary>
    internal byte[] ToSnapshot(TenantId tenant)
    {
        var writer = new SnapshotWriter();
        writer.Add(SnapshotVersion);
        writer.Add(tenant.Number);
        AddTo(writer);
        return writer.ToBytes();
    }

    /// <summary>Reads a copy from the bytes of <see cref="ToSnapshot"/>.</summary>
    /// <exception cref="SnapshotDamagedException">They are none, or one of another tenant.</exception>
    internal static TenantReplica FromSnapshot(
        ReadOnlyMemory<byte> bytes, TenantId tenant, SignalSchema schema, Func<SessionMembers> members)
    {
        var reader = new StateReader(bytes);
        if (reader.ReadInt64() is not SnapshotVersion and var version)
            throw new Log.UnsupportedFormatException("snapshot version", (int)version, (int)SnapshotVersion);
        if (reader.ReadInt64() is var number && number != tenant.Number)
            throw new SnapshotDamagedException(sizeof(long), $"it is of tenant {number}, and {tenant} was expected");
        var copy = new TenantReplica(schema, members);
        copy.ReadFrom(reader);
        reader.MustBeAtEnd();
        return copy;
    }

    /// <summary>Reads a copy into this one, of which nothing is held yet.</summary>
    internal void ReadFrom(StateReader reader)
    {
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            _origins.Add(reader.ReadRegion(), OriginLog.Read(reader));
        for (var left = reader.ReadCount(2 * sizeof(long)); left > 0; left--)
            NoteSession(new SessionId(reader.ReadRegion(), reader.ReadUInt64()));
        Ends.ReadFrom(reader);
        Ends.Resolve();
        State.ReadFrom(reader);
        State.ResolveLater(static _ => false);
    }

    /// <summary>Whether a copy has the same history of every origin, as far as that can be told from the marks.</summary>
    internal bool AgreesWith(TenantReplica other) => other._origins.All(pair =>
        !_origins.TryGetValue(pair.Key, out var held) || held.Mark.Number != pair.Value.Mark.Number || held.Mark == pair.Value.Mark);
}
