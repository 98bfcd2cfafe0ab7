using Tidal.Crdt;
using Tidal.Log;
using Tidal.Schema;

namespace Tidal.Signals;

/// <content>Cells written and read back, and copies of a cell made one.</content>
internal sealed partial class SignalLedger
{
    /// <summary>Adds a cell to a digest, with the window slots that are live.</summary>
    public void AddTo(StateWriter digest, ulong key)
    {
        var (type, scope) = (TypeOf(ColumnOf(key)), ScopeOf(ColumnOf(key)));
        digest.Add(type.Id.Number);
        digest.Add(scope.Attribute);
        digest.Add(scope.Value);
        var parts = PartsOf(key);
        digest.Add(parts.Length);
        foreach (ref readonly var part in parts)
            AddTo(digest, part, part, part.Retracted == 0 ? null : _parts[part.Retracted - 1]);
        var attempts = LaterOf(key);
        digest.Add(attempts.Count);
        foreach (var later in attempts)
            AddTo(digest, later);
    }

    /// <summary>Reads a cell of an item's row back.</summary>
    /// <returns>Its column.</returns>
    public int Read(StateReader reader, int row)
    {
        var type = reader.ReadInt32(0, _types.Length - 1);
        var (attribute, value) = (reader.ReadInt32(-1, LogLimits.CohortAttributeMax), reader.ReadString());
        var column = ColumnOf(type, attribute < 0 ? ScopeTable.Everyone : Scopes.NumberOf(new CohortScope(attribute, value)));
        var key = KeyOf(row, column);
        Make(key);
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
        {
            var (part, retracted) = ReadPart(reader);
            if (retracted is { } takenBack)
                part.Retracted = Keep(takenBack);
            PartOf(ref _cells.Find(key), part.Region) = part;
        }
        for (var left = reader.ReadCount(sizeof(long)); left > 0; left--)
            TakeLater(key, ReadLater(reader));
        return column;
    }

    /// <summary>
    /// Takes what a copy of a cell knows: of each origin the newer part, for a part is a function of its origin's log, so that the
    /// one that has applied more of it knows all that the other knows; and of what was tried in several regions the lowest attempt.
    /// Nothing is added up.
    /// </summary>
    public void TakeCopy(ulong key, SignalLedger from, ulong copied)
    {
        Make(key);
        foreach (ref readonly var part in from.PartsOf(copied))
        {
            if (!PartOf(ref _cells.Find(key), part.Region).IsOlderThan(part))
                continue;
            var copy = CopyOf(part, from);
            PartOf(ref _cells.Find(key), part.Region) = copy;
        }
        foreach (var later in from.LaterOf(copied))
            TakeLater(key, later with { Alone = CopyOf(later.Alone, from) });
    }

    /// <summary>Takes what another ledger knows of the origins' logs as a whole.</summary>
    public void TakeOrigins(SignalLedger from)
    {
        foreach (var origin in from._origins)
        {
            var held = OriginOf(origin.Region);
            held.FirstSignals = Math.Max(held.FirstSignals, origin.FirstSignals);
            if (origin.HighestEventTime is { } highest)
                held.Note(highest);
        }
    }

    private LedgerPart CopyOf(in LedgerPart part, SignalLedger from)
    {
        var copy = part;
        copy.CopyWindows(from._older, _older);
        copy.Retracted = part.Retracted == 0 ? 0 : Keep(CopyOf(from._parts[part.Retracted - 1], from));
        return copy;
    }

    private int Keep(in LedgerPart part)
    {
        var place = TakeBlock(1);
        _parts[place] = part;
        return place + 1;
    }

    private void AddTo(StateWriter digest, in LaterAttempt later)
    {
        digest.Add(later.Identity.Operation);
        digest.Add((int)later.Identity.Kind);
        digest.Add(later.Attempt);
        if (later.Identity.IsRetraction)
            AddTo(digest, later.Alone, default, later.Alone);
        else
            AddTo(digest, later.Alone, later.Alone, null);
    }

    private LaterAttempt ReadLater(StateReader reader)
    {
        var identity = new RecordIdentity(reader.ReadOperation(), (IdentityKind)reader.ReadInt32(0, byte.MaxValue));
        var attempt = (byte)reader.ReadInt32(1, byte.MaxValue);
        var (part, retracted) = ReadPart(reader);
        return new LaterAttempt(identity, attempt, identity.IsRetraction ? retracted ?? part : part);
    }

    // A part takes the same bytes as before there were ledgers: signals and what was taken back, in one.
    private void AddTo(StateWriter digest, in LedgerPart version, in LedgerPart added, LedgerPart? retracted)
    {
        digest.Add(version.Region.Ordinal);
        digest.Add(version.Epoch);
        digest.Add(version.Number);
        new PNCounter(added.Count, retracted?.Count ?? 0).AddTo(digest);
        var highest = OriginOf(version.Region).HighestEventTime ?? 0;
        added.Score.AddTo(digest);
        added.AddWindowsTo(digest, highest, _older);
        digest.Add(retracted is null ? 0 : 1);
        if (retracted is not { } takenBack)
            return;
        takenBack.Score.AddTo(digest);
        takenBack.AddWindowsTo(digest, highest, _older);
    }

    private (LedgerPart Added, LedgerPart? Retracted) ReadPart(StateReader reader)
    {
        var part = new LedgerPart { Region = reader.ReadRegion(), Epoch = reader.ReadUInt64(), Number = reader.ReadUInt64() };
        var counts = PNCounter.Read(reader);
        part.Count = counts.Added;
        part.Score = ForwardScore.Read(reader);
        part.ReadWindows(reader, _older);
        if (reader.ReadInt32(0, 1) == 0)
            return (part, null);
        var retracted = new LedgerPart
        {
            Region = part.Region,
            Epoch = part.Epoch,
            Number = part.Number,
            Count = counts.Retracted,
            Score = ForwardScore.Read(reader),
        };
        retracted.ReadWindows(reader, _older);
        return (part, retracted);
    }
}
