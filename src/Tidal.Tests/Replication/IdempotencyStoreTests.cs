using Tidal.Crdt;
using Tidal.Log;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests.Replication;

public sealed class IdempotencyStoreTests
{
    private static readonly SessionId Session = new(new RegionId(0), 1);

    [Fact]
    public void Standings_are_told_exactly_within_the_window_of_the_highest()
    {
        var store = new IdempotencyStore();
        Add(store, Operation(100)).Should().BeTrue();
        Add(store, Operation(100)).Should().BeFalse();
        Add(store, Operation(20)).Should().BeTrue();
        store.StandingOf(Operation(100)).Should().Be(OperationStanding.Held);
        store.StandingOf(Operation(20)).Should().Be(OperationStanding.Held, "what is in the log is never forgotten");
        store.StandingOf(Operation(100 - IdempotencyStore.Window)).Should().Be(OperationStanding.OutsideWindow);
        store.StandingOf(Operation(100 - IdempotencyStore.Window + 1)).Should().Be(OperationStanding.New);
        store.StandingOf(Operation(101)).Should().Be(OperationStanding.New);
        store.StandingOf(Operation(ulong.MaxValue)).Should().Be(OperationStanding.New);
        IdempotencyStore.Window.Should().Be(64);
    }

    [Fact]
    public void First_and_later_attempts_retractions_and_ends_are_told_apart()
    {
        var store = new IdempotencyStore();
        Add(store, Operation(1));
        Add(store, Operation(2), attempt: 1);
        store.Add(new RecordIdentity(Operation(1), IdentityKind.Retraction), 2, default).Should().BeTrue();
        foreach (var (number, kind, holds, first) in new[]
        {
            (1UL, IdentityKind.Write, true, true), (2UL, IdentityKind.Write, true, false), (3UL, IdentityKind.Write, false, false),
            (1UL, IdentityKind.Retraction, true, false), (2UL, IdentityKind.Retraction, false, false), (0UL, IdentityKind.End, false, false),
        })
        {
            var identity = new RecordIdentity(Operation(number), kind);
            (store.Holds(identity), store.HoldsFirst(identity)).Should().Be((holds, first), identity.ToString());
        }
        store.Add(new RecordIdentity(Operation(0), IdentityKind.End), 0, default).Should().BeTrue();
        (store.HasEnded(Session), store.SessionCount).Should().Be((true, 1));
    }

    [Fact]
    public void Sessions_do_not_know_each_others_numbers()
    {
        var store = new IdempotencyStore();
        Add(store, Operation(500));
        store.StandingOf(new OperationId(Session with { Number = 2 }, 1)).Should().Be(OperationStanding.New);
        store.StandingOf(new OperationId(Session with { Region = new RegionId(1) }, 500)).Should().Be(OperationStanding.New);
    }

    [Fact]
    public void A_client_with_a_full_window_outstanding_hears_no_wrong_answer() =>
        SeededProperty.HoldsFor(random =>
        {
            // Of 64 writes sent together some arrive, in any order; a retry of any of the others is still known to be new.
            var store = new IdempotencyStore();
            var first = (ulong)random.Next(1, 1_000_000);
            var arrived = Enumerable.Range(0, IdempotencyStore.Window).Where(_ => random.Chance(0.5))
                .OrderBy(_ => random.NextBits()).Select(place => first + (ulong)place).ToHashSet();
            foreach (var number in arrived)
                Add(store, Operation(number));
            for (var number = first; number < first + IdempotencyStore.Window; number++)
                store.StandingOf(Operation(number)).Should().Be(arrived.Contains(number) ? OperationStanding.Held : OperationStanding.New);
        });

    [Fact]
    public void Its_digest_is_that_of_the_set_it_holds()
    {
        Digest(Operation(1), Operation(2)).Should().Be(Digest(Operation(2), Operation(1), Operation(1)));
        Digest(Operation(1), Operation(2)).Should().NotBe(Digest(Operation(1)));
        var other = new OperationId(Session with { Number = 2 }, 1);
        Digest(Operation(1), other).Should().Be(Digest(other, Operation(1)));
        Digest(other).Should().NotBe(Digest(Operation(1)));
    }

    private static bool Add(IdempotencyStore store, OperationId operation, byte attempt = 0) =>
        store.Add(new RecordIdentity(operation, IdentityKind.Write), attempt, default);

    private static OperationId Operation(ulong number) => new(Session, number);

    private static string Digest(params OperationId[] operations)
    {
        var store = new IdempotencyStore();
        foreach (var operation in operations)
            Add(store, operation);
        using var digest = new StateDigest();
        store.AddTo(digest);
        return digest.Finish();
    }
}
