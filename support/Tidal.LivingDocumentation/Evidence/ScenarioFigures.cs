using Tidal.LivingDocumentation.Records;
using Tidal.Replication;
using Tidal.Testing.Drivers;
using Tidal.Testing.History;
using Tidal.Testing.Oracles;
using Tidal.Testing.RealTime;

namespace Tidal.LivingDocumentation.Drawing;

/// <summary>What was measured or counted in a scenario. A figure is there only where it was.</summary>
internal static class ScenarioFigures
{
    /// <summary>The figures.</summary>
    public static IEnumerable<Figure> Of(ClusterDriver driver)
    {
        var notes = driver.Notes;
        return OfAudit(notes.Audit).Concat(OfLoad(driver.MeasuredLoad)).Concat(OfArrivals(driver)).Concat(OfFailovers(driver)).Concat(OfAgreements(notes))
            .Concat(OfAnswers(driver)).Concat(OfMoves(driver));
    }

    private static IEnumerable<Figure> OfAudit(AuditFindings? audit)
    {
        if (audit is null)
            yield break;
        yield return new Figure(FigureKeys.Accepted, "signals accepted", audit.Accepted);
        yield return None(FigureKeys.Lost, "acknowledged and lost", audit.Lost);
        yield return None(FigureKeys.CountedTwice, "counted twice, or never sent", audit.Duplicated + audit.Unexpected);
        yield return None(FigureKeys.Leaks, "hidden and shown", audit.LeakCount);
        yield return new Figure(FigureKeys.ScoreError, "largest error of a decay score", audit.LargestScoreDifference, "", Comparison.Below, Limits.ScoreError);
        yield return None(FigureKeys.TruthDifferences, "differences from the ground truth", audit.TruthDifferences);
        yield return None(FigureKeys.Violations, "invariants seen broken", audit.Violations.Count);
    }

    private static IEnumerable<Figure> OfLoad(MeasuredLoad? load)
    {
        if (load is null)
            yield break;
        if (load.Lag.Count > 0)
            yield return Lag(load.Lag.At(0.99));
        if (load.Undisturbed.Count > 0)
            yield return new Figure(FigureKeys.OwnLag, "of that our own code, 99 of 100 signals", load.Undisturbed.At(0.99).TotalMilliseconds, "ms", Comparison.Below, Limits.OwnLagMilliseconds);
        if (load.Failover is { } failover)
            yield return Failover("from a crash to the first write acknowledged", failover);
        if (load.Load.AcceptedPerSecond > 0)
            yield return new Figure(FigureKeys.Rate, "signals accepted a second", Math.Floor(load.Load.AcceptedPerSecond), "", Comparison.AtLeast, Limits.SignalsPerSecond);
    }

    private static IEnumerable<Figure> OfArrivals(ClusterDriver driver) =>
        driver.TakeArrivals() is { Count: > 0 } arrivals ? [Lag(arrivals.At(0.99))] : [];

    /// <summary>Of each failover that a step has seen: from the crash until another replica was the primary, as the history has it.</summary>
    private static IEnumerable<Figure> OfFailovers(ClusterDriver driver)
    {
        if (driver.MeasuredLoad is not null)
            return [];
        return driver.Notes.Failovers.Select(failover => Failover("from a primary's crash to the next primary", ReadyAfter(driver.Cluster.History, failover) - failover.CrashedAt))
            .OrderByDescending(figure => figure.Value).Take(1);
    }

    private static TimeSpan ReadyAfter(ClusterHistory history, FailoverNote failover)
    {
        var ready = history.Lines.FirstOrDefault(line =>
            line.Kind == HistoryKind.Replica && line.Event.Kind == ReplicaEventKind.PrimaryReady && line.Event.Epoch > failover.Epoch
            && line.Place.Region == failover.Crashed.Region && line.Place.Shard == failover.Crashed.Shard);
        return ready == default ? failover.SeenAt : TimeSpan.FromMicroseconds(ready.TimeMicroseconds);
    }

    private static IEnumerable<Figure> OfAgreements(ScenarioNotes notes) =>
        notes.Agreements.Count == 0 ? [] : [new Figure(FigureKeys.Reconciliation, "from a heal until the last two regions agree", notes.Agreements.Max().TotalSeconds, "s")];

    private static IEnumerable<Figure> OfAnswers(ClusterDriver driver)
    {
        var degraded = driver.Notes.Answers.Where(note => note.Answer.Stats.IsDegraded).ToList();
        if (degraded.Count == 0)
            yield break;
        yield return new Figure(FigureKeys.DegradedAnswers, "answers that said what they lack", degraded.Count);
        yield return None(FigureKeys.ItemsOfCutOff, "items listed of a region that could not be reached", degraded.Sum(note => ItemsOfCutOff(driver, note)));
    }

    private static int ItemsOfCutOff(ClusterDriver driver, AnswerNote note)
    {
        var missing = note.Answer.Stats.Missing.Where(shard => shard.Reason == Query.MissingReason.NoAnswer).Select(shard => shard.Place).ToHashSet();
        return driver.HomesOf(note.Tenant, note.Answer.Items.Select(item => item.Item))
            .Count(home => missing.Contains(new Query.ShardPlace(home.Value, driver.Cluster.Router.ShardOf(note.Tenant, home.Key))));
    }

    private static IEnumerable<Figure> OfMoves(ClusterDriver driver)
    {
        if (driver.TrafficSeen is { Queries: > 0 } traffic)
            yield return None(FigureKeys.ShortAnswers, "answers that came short and did not say so", traffic.CameShortUnsaid);
        if (driver.Notes.BytesLeft is { } left)
            yield return None(FigureKeys.BytesLeft, "places with bytes of a tenant that has left", left + (driver.Notes.Audit?.BytesOfStrangers.Count ?? 0));
    }

    private static Figure None(string key, string name, double value) => new(key, name, value, "", Comparison.Exactly, 0);

    private static Figure Lag(TimeSpan lag) =>
        new(FigureKeys.Lag, "from region to region, 99 of 100 signals", lag.TotalSeconds, "s", Comparison.Below, Limits.LagSeconds);

    private static Figure Failover(string name, TimeSpan took) => new(FigureKeys.Failover, name, took.TotalSeconds, "s", Comparison.Below, Limits.FailoverSeconds);
}
