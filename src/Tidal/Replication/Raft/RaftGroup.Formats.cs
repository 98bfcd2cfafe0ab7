using Tidal.Log;

namespace Tidal.Replication.Raft;

// Which batch version the group may write: PROTOCOL 9.
public sealed partial class RaftGroup
{
    /// <summary>The format records of the log, in its order: none or one mostly.</summary>
    private readonly List<(ulong Index, ushort Version)> _formats = [];

    /// <summary>The newest batch version that a committed format record has raised: what may be written. The oldest if none has.</summary>
    public ushort Format => FormatUpTo(CommitIndex);

    /// <summary>Raises the format, unless the log's end says so already. Only a primary may, and only to what it reads itself.</summary>
    /// <param name="version">The batch version that every replica of every region reads.</param>
    public void RaiseFormat(ushort version)
    {
        if (version > FormatUpTo(_log.LastIndex) && version <= _log.FormatReadable)
            Append(EnvelopeKind.Control, ControlRecord.ForFormat(version).Encode());
    }

    private ushort FormatUpTo(ulong index)
    {
        for (var place = _formats.Count - 1; place >= 0; place--)
        {
            if (_formats[place].Index <= index)
                return _formats[place].Version;
        }
        return BatchHeader.OldestVersion;
    }

    private void RememberFormat(ulong index, ushort version)
    {
        if (version > FormatUpTo(index))
            _formats.Add((index, version));
    }
}
