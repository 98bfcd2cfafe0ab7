using System.Buffers;
using Tidal.Log;

namespace Tidal.Replication.Raft;

// A follower that needs what is no longer in the primary's log gets its checkpoint (InstallSnapshot: Raft §7).
public sealed partial class RaftGroup
{
    private ArrivingCheckpoint? _arriving;

    private bool IsBeforeLog(RaftPeer peer) => peer.NextIndex < _log.FirstIndex;

    private void SendSnapshotPiece(RaftPeer peer)
    {
        var (header, offset) = peer.Snapshot is { } sending && _checkpoints.Has(sending.Header.Index) ? sending : (Checkpoint!, 0);
        peer.Snapshot = (header, offset);
        peer.IsProbing = peer.IsProbeOutstanding = true;
        Send(peer, new InstallSnapshot
        {
            Epoch = Epoch,
            Store = _store,
            Index = header.Index,
            IndexEpoch = header.Epoch,
            TotalBytes = _checkpoints.LengthOf(header.Index),
            Offset = offset,
            Bytes = _checkpoints.ReadPiece(header.Index, offset, _options.SnapshotBytesMax),
        });
    }

    private void OnInstallProgress(RaftPeer peer, InstallProgress progress)
    {
        if (progress.Epoch > Epoch)
            AdoptEpoch(progress.Epoch);
        // An answer that asks for the piece that is under way is a copy of an older one.
        if (Role != RaftRole.Primary || progress.Epoch < Epoch || peer.Snapshot is not { } sending
            || sending.Header.Index != progress.Index || sending.Offset == progress.Offset)
            return;
        peer.Snapshot = (sending.Header, progress.Offset);
        peer.LastProgressMicroseconds = _now;
        SendSnapshotPiece(peer);
    }

    private void OnInstall(RaftPeer peer, InstallSnapshot install)
    {
        if (!TryFollow(peer, install.Epoch))
            return;
        // What is committed agrees, so nothing is installed at or below it; a log that has it in the middle keeps what comes after.
        if (!AgreesAt(install.Index, install.IndexEpoch) && !TryInstall(install))
        {
            var offset = _arriving?.IsOf(install) == true ? _arriving.Length : 0;
            SendWhenDurable(peer, new InstallProgress { Epoch = Epoch, Store = _store, Index = install.Index, Offset = offset });
            return;
        }
        _arriving = null;
        CommitUpTo(install.Index);
        _verifiedIndex = Math.Max(_verifiedIndex, CommitIndex);
        SendWhenDurable(peer, new AppendReply { Epoch = Epoch, Store = _store, Accepted = true, Index = CommitIndex });
    }

    /// <summary>Takes a piece in, and with the last one the whole.</summary>
    /// <returns>Whether the checkpoint is installed.</returns>
    private bool TryInstall(InstallSnapshot install)
    {
        if (install.Offset == 0 && _arriving?.IsOf(install) != true && install.TotalBytes <= CheckpointHeader.FileBytesMax)
            _arriving = new ArrivingCheckpoint(install);
        if (_arriving?.IsOf(install) != true || !_arriving.TryAdd(install) || !_arriving.IsWhole)
            return false;
        var file = _arriving.ToBytes();
        _arriving = null;
        try
        {
            var header = CheckpointHeader.Decode(file).Header;
            // Not to be asked for again, like a damaged one: what is there cannot be read here.
            BatchHeader.CheckVersion(header.Format, _log.FormatReadable);
            Install(header, file);
            return true;
        }
        catch (LogFormatException)
        {
            Happened(ReplicaEventKind.SnapshotRefused, install.Index);
            return false;
        }
    }

    /// <summary>The checkpoint takes the place of the log. It is durable before the log goes: a crash between leaves both.</summary>
    private void Install(CheckpointHeader header, byte[] file)
    {
        _checkpoints.Install(header, file);
        (_writtenCheckpoint, _flushingCheckpoint) = (null, null);
        _log.Reset(header.Index, header.Epoch);
        _durableIndex = header.Index;
        _flushingIndex = Math.Min(_flushingIndex, header.Index);
        _voters.Clear();
        _formats.Clear();
        Remember(header);
        Happened(ReplicaEventKind.SnapshotInstalled, header.Index);
    }

    /// <summary>A checkpoint of which not all pieces are there.</summary>
    private sealed class ArrivingCheckpoint(InstallSnapshot first)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public long Length => _bytes.WrittenCount;

        public bool IsWhole => Length == first.TotalBytes;

        public bool IsOf(InstallSnapshot piece) => piece.Store == first.Store && piece.Index == first.Index && piece.TotalBytes == first.TotalBytes;

        public bool TryAdd(InstallSnapshot piece)
        {
            if (piece.Offset != Length || piece.Bytes.Length > first.TotalBytes - Length)
                return false;
            _bytes.Write(piece.Bytes.Span);
            return true;
        }

        public byte[] ToBytes() => _bytes.WrittenSpan.ToArray();
    }
}
