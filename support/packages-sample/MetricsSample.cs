using Tidal;
using Tidal.Schema;
#if OPENTELEMETRY
using OpenTelemetry;
using OpenTelemetry.Metrics;
#endif

internal static class MetricsSample
{
#if OPENTELEMETRY
    /// <summary>OpenTelemetry hears the meter by its name.</summary>
    public static async Task Run(SignalSchema schema)
    {
        var exporter = new NamesOfMetrics();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("Tidal").AddReader(new BaseExportingMetricReader(exporter)).Build();
        await using var db = TidalDb.Open(schema);
        await db.SignalAsync("ana", "view", "song");
        provider.ForceFlush();
        Console.WriteLine($"metrics: {string.Join(' ', exporter.Names)}");
    }

    private sealed class NamesOfMetrics : BaseExporter<Metric>
    {
        public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                Names.Add(metric.Name);
            return ExportResult.Success;
        }
    }
#else
    public static Task Run(SignalSchema schema)
    {
        Console.WriteLine("metrics: not tried");
        return Task.CompletedTask;
    }
#endif
}
