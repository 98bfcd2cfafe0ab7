using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Hosting;

/// <summary>
/// A session's operation ids: numbered per shard, and none given out that is <see cref="IdempotencyStore.Window"/> or more above one
/// whose write has not ended, for a primary could not say any more what became of that. Safe for use by several threads.
/// </summary>
internal sealed class WriteWindow(SessionId id, int shards, int waitingMax)
{
    private readonly Lock _lock = new();
    private readonly ShardNumbers[] _shards = [.. Enumerable.Range(0, shards).Select(_ => new ShardNumbers())];
    private int _waiting;

    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>The next operation of a shard, once it may be written.</summary>
    /// <exception cref="WriteRefusedException">Too many wait already.</exception>
    public Task<OperationId> TakeAsync(ShardId shard)
    {
        lock (_lock)
        {
            var numbers = _shards[shard.Number];
            if (numbers.HasRoom)
                return Task.FromResult(new OperationId(id, numbers.Take()));
            if (_waiting >= waitingMax)
                throw new WriteRefusedException(WriteResult.Refused(RefusalReason.Overloaded));
            _waiting++;
            var turn = new TaskCompletionSource<OperationId>(TaskCreationOptions.RunContinuationsAsynchronously);
            numbers.Waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    /// <summary>A write has ended, however it did.</summary>
    public void Ended(ShardId shard, OperationId operation)
    {
        lock (_lock)
        {
            var numbers = _shards[shard.Number];
            numbers.End(operation.Number);
            while (numbers.HasRoom && numbers.Waiting.TryDequeue(out var turn))
            {
                _waiting--;
                turn.SetResult(new OperationId(id, numbers.Take()));
            }
        }
    }

    private sealed class ShardNumbers
    {
        private ulong _last;
        private ulong _endedUpTo;

        // Bit n: the number n + 1 above that one has ended too.
        private ulong _endedAbove;

        public Queue<TaskCompletionSource<OperationId>> Waiting { get; } = [];

        public bool HasRoom => _last - _endedUpTo < IdempotencyStore.Window;

        public ulong Take() => ++_last;

        public void End(ulong number)
        {
            _endedAbove |= 1UL << (int)(number - _endedUpTo - 1);
            while ((_endedAbove & 1) != 0)
            {
                _endedAbove >>= 1;
                _endedUpTo++;
            }
        }
    }
}
