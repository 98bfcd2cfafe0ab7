using System.Text.Json;

namespace Tidal.Cli;

/// <summary>Writes what a benchmark measured as one JSON object: keys in fixed order, null for what was not measured.</summary>
internal static class BenchJson
{
    /// <summary>Writes a report and a line feed.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where to.</param>
    public static void Write(BenchReport report, TextWriter output) => JsonText.Write(output, report, WriteReport);

    private static void WriteReport(Utf8JsonWriter json, BenchReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("passed", report.Passed);
        Write(json, "acceptedPerSecondMemory", report.AcceptedPerSecondMemory, 0);
        Write(json, "acceptedPerSecondFile", report.AcceptedPerSecondFile, 0);
        WriteTimes(json, "ackMilliseconds", report.AckMilliseconds);
        WriteTimes(json, "lagMilliseconds", report.LagMilliseconds);
        Write(json, "failoverSeconds", report.FailoverSeconds, 3);
        Write(json, "recoveryRecordsPerSecond", report.RecoveryRecordsPerSecond, 0);
        WriteQueries(json, report.Queries);
        Write(json, "bytesPerItemSignal", report.BytesPerItemSignal, 1);
        Write(json, "bytesAllocatedPerSignal", report.BytesAllocatedPerSignal, 1);
        Write(json, "bytesAllocatedPerQuery", report.BytesAllocatedPerQuery, 1);
        json.WriteNumber("batch", report.Batch);
        json.WriteNumber("cores", report.Cores);
        json.WriteString("machine", report.Machine);
        json.WriteString("date", Wording.Iso(report.Date));
        WriteDurations(json, report.Phases);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value, int digits)
    {
        if (value is { } number)
            json.WriteNumber(name, Math.Round(number, digits));
        else
            json.WriteNull(name);
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, Spread? spread)
    {
        if (spread is not { } times)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Write(json, "p50", times.P50, 3);
        Write(json, "p99", times.P99, 3);
        Write(json, "p999", times.P999, 3);
        json.WriteEndObject();
    }

    private static void WriteQueries(Utf8JsonWriter json, IReadOnlyList<QueryFigure> queries)
    {
        if (queries.Count == 0)
        {
            json.WriteNull("retrieveMicroseconds");
            return;
        }

        json.WriteStartObject("retrieveMicroseconds");
        foreach (var query in queries)
        {
            json.WriteStartObject(query.Case);
            Write(json, "p50", query.Microseconds.P50, 1);
            Write(json, "p99", query.Microseconds.P99, 1);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDurations(Utf8JsonWriter json, IReadOnlyList<MeasuredPhase> phases)
    {
        json.WriteStartObject("durations");
        foreach (var phase in phases)
        {
            json.WriteStartObject(phase.Name);
            Write(json, "warmUpSeconds", phase.WarmUpSeconds, 3);
            Write(json, "seconds", phase.Seconds, 3);
            json.WriteNumber("batch", phase.Batch);
            json.WriteNumber("count", phase.Count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
