using Tidal.Hosting;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Hosting;

/// <summary>A session's numbers: never 64 or more above one whose write has not ended.</summary>
public sealed class WriteWindowTests
{
    private static readonly ShardId Shard = new(0);

    [Fact]
    public async Task The_65th_waits_for_the_first_not_for_any_other()
    {
        var window = new WriteWindow(new SessionId(default, 1), 1, 10);
        var taken = new List<OperationId>();
        for (var number = 0; number < IdempotencyStore.Window; number++)
            taken.Add(await window.TakeAsync(Shard));
        var waiting = window.TakeAsync(Shard);
        foreach (var later in taken.Skip(1))
            window.Ended(Shard, later);
        waiting.IsCompleted.Should().BeFalse();
        window.Ended(Shard, taken[0]);
        (await waiting.WaitAsync(HostedClusters.Long)).Number.Should().Be(65);
    }

    [Fact]
    public async Task Shards_are_numbered_apart()
    {
        var window = new WriteWindow(new SessionId(default, 1), 2, 10);
        (await window.TakeAsync(new ShardId(0))).Number.Should().Be(1);
        (await window.TakeAsync(new ShardId(1))).Number.Should().Be(1);
        (await window.TakeAsync(new ShardId(1))).Number.Should().Be(2);
    }

    [Fact]
    public async Task Only_so_many_wait()
    {
        var window = new WriteWindow(new SessionId(default, 1), 1, waitingMax: 2);
        var first = await window.TakeAsync(Shard);
        for (var number = 1; number < IdempotencyStore.Window + 2; number++)
            _ = window.TakeAsync(Shard);
        var refused = await Assert.ThrowsAsync<WriteRefusedException>(() => window.TakeAsync(Shard));
        refused.Result.Refusal.Should().Be(RefusalReason.Overloaded);
        window.Ended(Shard, first);
        _ = window.TakeAsync(Shard);
    }
}
