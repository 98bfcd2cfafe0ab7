using Tidal.Hosting;
using Tidal.Log;
using Tidal.Placement;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;
using static Tidal.Tests.Hosting.HostedClusters;

namespace Tidal.Tests.Hosting;

/// <summary>What is slow holds nobody else up, and never grows memory.</summary>
[Collection(InRealTime.Name)]
public sealed class BackPressureTests
{
    [Fact]
    public async Task What_waits_for_a_follower_that_stands_still_is_bounded()
    {
        var stores = new StagedStores();
        var cluster = await StartAsync(stores.On(Options()) with { Mailbox = new MailboxOptions { MessagesMax = 20 } });
        var follower = cluster.FollowerOf(UsEast, default);
        stores[follower].Appends.IsShut = true;

        var client = cluster.Client();
        for (var number = 0; number < 100; number++)
            await client.SignalAsync("ana", "view", "song");
        await Until(() => cluster.MessagesDropped > 0, "there is no room for more");
        cluster.Mailboxes.Max(mailbox => mailbox.Messages).Should().BeLessThanOrEqualTo(20);

        stores[follower].Appends.IsShut = false;
        await cluster.UntilCounted("song", 100);
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_full_gateway_answers_overloaded_and_holds_no_caller_up()
    {
        await using var cluster = await StartAsync(Options(replicas: 1) with { Mailbox = new MailboxOptions { CallsMax = 4 } });
        var gate = await HoldAsync(cluster);
        var calls = Enumerable.Range(0, 10).Select(_ => new WriteCall { Record = Signal() }).ToList();
        calls.ForEach(call => cluster.Begin(UsEast, call));
        calls.Count(call => call.Result?.Refusal == RefusalReason.Overloaded).Should().Be(6);

        var query = new QueryCall { Query = RetrieveParser.Parse("RETRIEVE items") };
        cluster.Begin(UsEast, query);
        query.Failure.Should().BeOfType<GatewayUnavailableException>();
        gate.IsShut = false;
        await Until(() => calls.TrueForAll(call => call.IsCompleted), "the others are carried out");
    }

    private static LogRecord Signal() => LogRecord.Signal(new OperationId(new SessionId(UsEast, 1), 1), default, 0, new ItemId("song"), new UserId("ana"), Views.Signal("view").Id, 1);

    /// <summary>Holds the gateway's thread up in a callback, which no program should.</summary>
    private static async Task<Gate> HoldAsync(TidalCluster cluster)
    {
        var (gate, held) = (new Gate { IsShut = true }, new TaskCompletionSource());
        cluster.Begin(UsEast, new CohortCall
        {
            User = new UserId("ana"),
            Completed = _ =>
            {
                held.SetResult();
                gate.Pass();
            },
        });
        await held.Task.WaitAsync(Long);
        return gate;
    }
}
