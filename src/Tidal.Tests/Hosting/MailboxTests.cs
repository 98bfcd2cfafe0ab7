using Tidal.Hosting;

namespace Tidal.Tests.Hosting;

/// <summary>What waits for a thread is bounded, kind by kind.</summary>
public sealed class MailboxTests
{
    private static readonly Letter Any = new(default, default, new object());

    [Fact]
    public void Messages_without_room_are_dropped_and_counted()
    {
        var mailbox = new Mailbox(new MailboxOptions { MessagesMax = 3 });
        Enumerable.Range(0, 5).Select(_ => mailbox.Post(Any, LetterKind.Replication)).Should().Equal(
            Posted.Taken, Posted.Taken, Posted.Taken, Posted.NoRoom, Posted.NoRoom);
        mailbox.Read("").Should().Be(new MailboxReading("", 3, 0, 0, 2));
        mailbox.Take().Length.Should().Be(3);
        mailbox.Post(Any, LetterKind.Replication).Should().Be(Posted.Taken, "what was taken makes room");
    }

    [Fact]
    public void Bytes_are_bounded_but_one_message_is_always_taken()
    {
        var mailbox = new Mailbox(new MailboxOptions { BytesMax = 100 });
        mailbox.Post(Any, LetterKind.Replication, 500).Should().Be(Posted.Taken);
        mailbox.Post(Any, LetterKind.Replication, 1).Should().Be(Posted.NoRoom);
        mailbox.Take();
        mailbox.Post(Any, LetterKind.Replication, 60).Should().Be(Posted.Taken);
        mailbox.Post(Any, LetterKind.Replication, 41).Should().Be(Posted.NoRoom);
        mailbox.Post(Any, LetterKind.Replication, 40).Should().Be(Posted.Taken);
    }

    [Fact]
    public void A_backlog_of_one_kind_leaves_the_others_room()
    {
        var mailbox = new Mailbox(new MailboxOptions { MessagesMax = 1, CallsMax = 1 });
        LetterKind[] kinds = [LetterKind.Replication, LetterKind.Gateway, LetterKind.Call, LetterKind.Order];
        kinds.Select(kind => mailbox.Post(Any, kind)).Should().OnlyContain(posted => posted == Posted.Taken);
        kinds.Select(kind => mailbox.Post(Any, kind)).Should().Equal(Posted.NoRoom, Posted.NoRoom, Posted.NoRoom, Posted.Taken);
    }

    [Fact]
    public void One_that_is_closed_takes_nothing()
    {
        var mailbox = new Mailbox(new MailboxOptions());
        mailbox.Close();
        mailbox.Post(Any, LetterKind.Order).Should().Be(Posted.Closed);
    }

    [Fact]
    public void Letters_are_taken_in_order_and_once()
    {
        var mailbox = new Mailbox(new MailboxOptions());
        for (var number = 0; number < 1000; number++)
            mailbox.Post(Any with { Body = number }, LetterKind.Order);
        mailbox.Take().ToArray().Select(letter => (int)letter.Body).Should().Equal(Enumerable.Range(0, 1000));
        mailbox.Take().Length.Should().Be(0);
    }

    [Fact]
    public async Task Who_sleeps_is_woken_by_the_first_that_posts_and_nobody_else_needs_to()
    {
        var mailbox = new Mailbox(new MailboxOptions());
        var asleep = Task.Run(() => mailbox.Sleep(60_000_000));
        while (mailbox.Post(Any, LetterKind.Replication) != Posted.TakenAsleep)
        {
            mailbox.Take();
            asleep = asleep.IsCompleted ? Task.Run(() => mailbox.Sleep(60_000_000)) : asleep;
        }
        mailbox.Post(Any, LetterKind.Replication).Should().Be(Posted.Taken, "the wake is owed already");
        mailbox.Wake();
        await asleep.WaitAsync(HostedClusters.Long);
    }

    [Fact]
    public void In_steady_state_nothing_is_allocated()
    {
        var mailbox = new Mailbox(new MailboxOptions());
        PostAndTake(mailbox, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PostAndTake(mailbox, 10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static void PostAndTake(Mailbox mailbox, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var number = 0; number < 50; number++)
                mailbox.Post(Any, LetterKind.Replication, 10);
            mailbox.Take();
        }
    }
}
