using System.Text.Json;

namespace Tidal.Cli;

/// <summary>Writes a report as one JSON object: keys in fixed order, full doubles, text as it is (not escaped).</summary>
internal static class JsonReport
{
    /// <summary>Writes a report and a line feed.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReplayReport report, TextWriter output) => JsonText.Write(output, report, WriteReport);

    private static void WriteReport(Utf8JsonWriter json, ReplayReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("passed", report.Passed);
        json.WriteNumber("signals", report.Signals);
        json.WriteNumber("accepted", report.Accepted);
        json.WriteNumber("materialized", report.Materialized);
        json.WriteNumber("lost", report.Lost);
        json.WriteNumber("duplicated", report.Duplicated);
        json.WriteNumber("retries", report.Retries);
        json.WriteNumber("sentTwice", report.SentTwice);
        json.WriteNumber("voided", report.Voided);
        json.WriteNumber("hides", report.Hides);
        json.WriteNumber("leaks", report.Leaks);
        json.WriteBoolean("digestsEqual", report.DigestsEqual);
        json.WriteBoolean("groundTruthEqual", report.GroundTruthEqual);
        json.WriteString("historyHash", report.HistoryHash);
        json.WriteNumber("seed", report.Seed);
        json.WriteNumber("virtualSeconds", report.VirtualSeconds);
        WriteSettings(json, report);
        WriteArray(json, "checks", report.Checks, WriteCheck);
        WriteArray(json, "faults", report.Faults, WriteFault);
        WriteArray(json, "failovers", report.Failovers, WriteFailover);
        WriteReconciliations(json, report);
        WriteArray(json, "migrations", report.Migrations, WriteMigration);
        json.WriteStartObject("trending");
        foreach (var list in TrendingList.InOrder(report.Trending))
            WriteArray(json, list.Cohort, list.Items, WriteItem);
        json.WriteEndObject();
        WriteArray(json, "queries", report.Queries, WriteQuery);
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, ReplayReport report)
    {
        json.WriteStartObject("settings");
        json.WriteNumber("halfLifeSeconds", report.HalfLife.TotalSeconds);
        json.WriteNumber("heartbeatMilliseconds", ReplayCluster.Heartbeat.TotalMilliseconds);
        json.WriteNumber("electionTimeoutMillisecondsMin", ReplayCluster.ElectionTimeoutMin.TotalMilliseconds);
        json.WriteNumber("electionTimeoutMillisecondsMax", ReplayCluster.ElectionTimeoutMax.TotalMilliseconds);
        json.WriteString("readTime", Wording.Iso(report.ReadTime));
        json.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter json, AuditCheck check)
    {
        json.WriteString("name", check.Name);
        json.WriteBoolean("passed", check.Passed);
        json.WriteString("detail", check.Detail);
    }

    private static void WriteFault(Utf8JsonWriter json, PlayedFault fault)
    {
        json.WriteString("kind", fault.Kind);
        json.WriteString("region", fault.Region);
        if (fault.Shard is { } shard)
            json.WriteNumber("shard", shard);
        json.WriteString("from", Wording.Iso(fault.From));
        if (fault.To is { } to)
            json.WriteString("to", Wording.Iso(to));
        json.WriteString("text", fault.Text);
    }

    private static void WriteFailover(Utf8JsonWriter json, PlayedFailover failover)
    {
        json.WriteString("region", failover.Region);
        json.WriteNumber("shard", failover.Shard);
        json.WriteNumber("epoch", failover.Epoch);
        json.WriteNumber("seconds", failover.Seconds);
    }

    private static void WriteReconciliations(Utf8JsonWriter json, ReplayReport report)
    {
        json.WriteStartObject("reconciliations");
        json.WriteNumber("count", report.Heals.Sum(heal => heal.Shards));
        json.WriteNumber("recordsShipped", report.RecordsReconciled);
        json.WriteNumber("duplicatesVoided", report.Heals.Sum(heal => heal.Voided));
        json.WriteNumber("hidesResolved", report.Heals.Sum(heal => heal.HidesResolved));
        json.WriteEndObject();
    }

    private static void WriteMigration(Utf8JsonWriter json, PlayedMigration migration)
    {
        json.WriteString("tenant", migration.Tenant);
        json.WriteString("from", migration.From);
        json.WriteString("to", migration.To);
        json.WriteString("began", Wording.Iso(migration.Began));
        json.WriteBoolean("over", migration.IsOver);
        WriteArray(json, "steps", migration.Steps, WriteStep);
        WriteArray(json, "waits", migration.Waits, WriteWait);
        json.WriteNumber("queries", migration.Queries);
        json.WriteNumber("shortQueries", migration.ShortQueries);
        json.WriteNumber("cutOffQueries", migration.CutOffQueries);
        json.WriteNumber("bytesLeftBehind", migration.BytesLeftBehind);
    }

    private static void WriteStep(Utf8JsonWriter json, PlayedStep step)
    {
        json.WriteString("step", step.Name);
        json.WriteString("time", Wording.Iso(step.Time));
    }

    private static void WriteWait(Utf8JsonWriter json, PlayedWait wait)
    {
        json.WriteString("for", wait.Text);
        json.WriteString("since", Wording.Iso(wait.Since));
    }

    private static void WriteQuery(Utf8JsonWriter json, PlayedQuery query)
    {
        json.WriteString("text", query.Text);
        json.WriteString("time", Wording.Iso(query.Time));
        json.WriteString("region", query.Region);
        json.WriteStartObject("stats");
        json.WriteBoolean("degraded", query.Stats.IsDegraded);
        json.WriteNumber("asked", query.Stats.Asked);
        json.WriteNumber("answered", query.Stats.Answered);
        WriteArray(json, "missing", query.Stats.Missing, WriteMissing);
        WriteArray(json, "staleness", query.Stats.Staleness, WriteStale);
        json.WriteNumber("considered", query.Stats.Considered);
        json.WriteNumber("left", query.Stats.Left);
        json.WriteNumber("milliseconds", query.Stats.Milliseconds);
        json.WriteEndObject();
        WriteArray(json, "items", query.Items, WriteItem);
        if (query.Explanation is not null)
            json.WriteString("explanation", query.Explanation);
        if (query.NextCursor is not null)
            json.WriteString("nextCursor", query.NextCursor);
    }

    private static void WriteMissing(Utf8JsonWriter json, MissingPart part)
    {
        json.WriteString("region", part.Region);
        json.WriteNumber("shard", part.Shard);
        json.WriteString("reason", part.Reason.Key());
    }

    private static void WriteStale(Utf8JsonWriter json, StalePart part)
    {
        json.WriteString("region", part.Region);
        json.WriteNumber("shard", part.Shard);
        json.WriteString("origin", part.Origin);
        json.WriteNumber("milliseconds", part.Milliseconds);
    }

    private static void WriteItem(Utf8JsonWriter json, ListedItem item)
    {
        json.WriteNumber("rank", item.Rank);
        json.WriteString("item", item.Item);
        json.WriteNumber("score", item.Score);
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
