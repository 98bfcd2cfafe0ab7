using Tidal.Hosting;
using Tidal.Log;
using Tidal.Query;
using Tidal.Replication;
using Tidal.Schema;

namespace Tidal.Tests;

public sealed class TidalDbTests
{
    private static readonly SignalSchema Schema = new SchemaBuilder()
        .Signal("view", TimeSpan.FromHours(6))
        .Signal("like", TimeSpan.FromHours(24), weight: 3)
        .Cohort("locale")
        .Build();

    private readonly HandClock _clock = new();

    [Fact]
    public async Task What_is_written_is_counted_decays_and_is_listed()
    {
        await using var db = Open();
        await db.PutItemAsync("en:Tides", new Dictionary<string, string> { ["topic"] = "sea" });
        await db.SignalAsync("ana", "view", "en:Tides");
        await db.SignalAsync("ana", "like", "en:Tides", weight: 2);
        _clock.Pass(TimeSpan.FromHours(6));
        db.ReadDecayScore("en:Tides", "view").Should().BeApproximately(0.5, 1e-12);
        db.ReadCount("en:Tides", "like").Should().Be(1);
        var answer = await db.RetrieveAsync("RETRIEVE items USING PROFILE trending FILTER topic:sea LIMIT 10");
        answer.Items.Select(item => item.Item.Value).Should().Equal("en:Tides");
        answer.Stats.IsDegraded.Should().BeFalse();
        answer.Stats.Staleness.Should().BeEmpty();
    }

    [Fact]
    public async Task Many_signals_are_written_at_once_and_each_has_its_own_outcome()
    {
        await using var db = Open();
        await db.SetUserAsync("ana", new Dictionary<string, string> { ["locale"] = "de" });
        var signals = Enumerable.Range(0, 10_000).Select(number => new SignalToWrite("ana", "view", $"item-{number % 3}")).ToArray();
        signals[5000] = signals[5000] with { Weight = -1 };
        var results = await db.SignalsAsync(signals);
        results.Select((result, index) => (result, index)).Where(each => each.result.Outcome != WriteOutcomeKind.Acknowledged).Should().ContainSingle()
            .Which.Should().Match<(WriteResult Result, int Index)>(each => each.Index == 5000 && each.Result.Refusal == RefusalReason.Invalid);
        (db.ReadCount("item-0", "view") + db.ReadCount("item-1", "view") + db.ReadCount("item-2", "view")).Should().Be(9999);
        await db.PutItemAsync("item-1");
        (await db.RetrieveAsync("RETRIEVE items COHORT locale:de USING PROFILE top")).Items.Should().ContainSingle("each has its user's cohorts");
    }

    [Fact]
    public async Task A_users_attribute_decides_in_which_cohort_later_signals_count()
    {
        await using var db = Open();
        await db.PutItemAsync("a");
        await db.SignalAsync("ana", "view", "a");
        await db.SetUserAsync("ana", new Dictionary<string, string> { ["locale"] = "de" });
        (await db.RetrieveAsync("RETRIEVE items COHORT locale:de")).Items.Should().BeEmpty();
        await db.SignalAsync("ana", "view", "a");
        (await db.RetrieveAsync("RETRIEVE items COHORT locale:de USING PROFILE top")).Items.Should().ContainSingle().Which.Score.Should().Be(1);
    }

    [Fact]
    public async Task What_a_user_hides_is_not_listed_until_it_is_undone()
    {
        await using var db = Open();
        await db.PutItemAsync("a", new Dictionary<string, string> { ["creator"] = "mia" });
        await db.PutItemAsync("b");
        foreach (var item in new[] { "a", "b" })
            await db.SignalAsync("ben", "view", item);
        await db.HideAsync("ana", "b");
        await db.HideAsync("ana", "mia", NegativeKind.Block, TargetKind.Creator);
        (await db.RetrieveAsync("RETRIEVE items FOR USER @ana")).Items.Should().BeEmpty();
        await db.UndoHideAsync("ana", "mia", NegativeKind.Block, TargetKind.Creator);
        (await db.RetrieveAsync("RETRIEVE items FOR USER @ana")).Items.Select(item => item.Item.Value).Should().Equal("a");
        (await db.RetrieveAsync("RETRIEVE items FOR USER @ben FILTER unblocked")).Items.Should().HaveCount(2);
        await db.Awaiting(held => held.HideAsync("ana", "").AsTask()).Should().ThrowAsync<WriteRefusedException>().WithMessage("*target*");
    }

    [Fact]
    public async Task What_cannot_be_accepted_is_refused_with_a_reason_and_changes_nothing()
    {
        await using var db = Open();
        var refused = await db.Awaiting(held => held.SignalAsync("ana", "view", "a", weight: double.NaN).AsTask())
            .Should().ThrowAsync<WriteRefusedException>().WithMessage("*weight*");
        refused.Which.Result.Refusal.Should().Be(Tidal.Replication.RefusalReason.Invalid);
        await db.Awaiting(held => held.SignalAsync("ana", "view", "a", _clock.GetUtcNow() + TimeSpan.FromMinutes(6)).AsTask())
            .Should().ThrowAsync<WriteRefusedException>().WithMessage("*event time*");
        await db.Awaiting(held => held.PutItemAsync("").AsTask()).Should().ThrowAsync<WriteRefusedException>();
        await db.Awaiting(held => held.SignalAsync("ana", "wave", "a").AsTask()).Should().ThrowAsync<SchemaException>();
        db.Invoking(held => held.ReadCount("a", "wave")).Should().Throw<SchemaException>();
        await db.Awaiting(held => held.RetrieveAsync("RETRIEVE itms").AsTask()).Should().ThrowAsync<QueryException>();
        db.ReadCount("a", "view").Should().Be(0);
        await db.SignalAsync("ana", "view", "a");
        db.ReadCount("a", "view").Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_changes_nothing()
    {
        await using var db = Open();
        var cancelled = new CancellationToken(canceled: true);
        await db.Awaiting(held => held.SignalAsync("ana", "view", "a", cancellation: cancelled).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        await db.Awaiting(held => held.RetrieveAsync("RETRIEVE items", cancellation: cancelled).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        db.ReadCount("a", "view").Should().Be(0);
    }

    [Fact]
    public async Task A_disposed_database_answers_no_call_and_may_be_disposed_again()
    {
        var db = Open();
        db.Dispose();
        await db.DisposeAsync();
        await db.Awaiting(held => held.SignalAsync("ana", "view", "a").AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        db.Invoking(held => held.ReadDecayScore("a", "view")).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Threads_may_share_it()
    {
        await using var db = Open();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (_, cancellation) =>
            await db.SignalAsync("ana", "view", "a", cancellation: cancellation));
        db.ReadCount("a", "view").Should().Be(400);
    }

    private TidalDb Open() => TidalDb.Open(Schema, new TidalDbOptions { Clock = _clock });

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;

        public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

        public override long GetTimestamp() => _ticks;
    }
}
